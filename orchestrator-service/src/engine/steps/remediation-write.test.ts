import type { Diagnosis } from '@aetherius/shared/contracts';
import { aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import type { Scope } from '../scope.ts';
import { guardStep } from './remediation-write.ts';

const cart = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const leaf = { kind: 'guard', id: 'guard', action: 'set_resources', approval: 'by_policy' } as never;

/** The first steps of a repair of a workload, by a strategy that repairs by itself. */
const scope = (diagnosis: Diagnosis): Scope =>
  ({
    run: { id: 'run-1', strategy: { autonomy: 'auto' }, incident: { cluster_id: 'eu-1', subject: cart } },
    path: 'r/guard',
    facts: {
      now: '2026-03-01T10:00:00Z',
      ...{ kill_switch: false, writes: {}, busy: [], cooling_down: false, protected_namespaces: [], known: [] },
    },
    steps: {
      get: {
        output: {
          object: { metadata: { name: 'cart', uid: 'u' } },
          ref: { api_version: 'apps/v1', ...cart, uid: 'u' },
        },
      },
    },
    diagnosis,
  }) as never;

describe('the guard', () => {
  it('asks a person before a write for a fault that has not happened, whatever the strategy and the workflow say', () => {
    const foreseen = { reached_at: null, earliest_at: null, latest_at: null, probability: 0.9 };
    expect(guardStep.begin(leaf, scope(aDiagnosis()))).toMatchObject({ output: { verdict: 'allow' } });
    expect(guardStep.begin(leaf, scope(aDiagnosis({ foreseen })))).toMatchObject({ output: { verdict: 'ask' } });
  });
});
