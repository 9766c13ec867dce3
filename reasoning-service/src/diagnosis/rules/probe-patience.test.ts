import type { BundleEvent } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';

const at = '2026-01-02T03:10:00.000Z';
const subject = { kind: 'Pod', namespace: 'mill', name: 'grinder-0' };
const ago = (seconds: number) => new Date(Date.parse(at) - seconds * 1000).toISOString();

type Case = {
  kind: 'startup' | 'liveness';
  /** Failures that were told, and after how many in a row the kubelet acts, every ten seconds. */
  failures: number;
  threshold: number;
  /** Seconds since the container that runs was started. */
  since: number;
  restarts?: number;
  exit_code?: number;
  ready?: boolean;
};

function told({ kind, failures, threshold, since, restarts = 0, exit_code = 143, ready = false }: Case) {
  const body = {
    metadata: { uid: 'u', creationTimestamp: ago(since + restarts * 100) },
    spec: { containers: [{ name: 'main', [`${kind}Probe`]: { failureThreshold: threshold, periodSeconds: 10 } }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [
        {
          ...{ name: 'main', ready, started: ready || kind === 'liveness', restartCount: restarts },
          state: { running: { startedAt: ago(since) } },
          lastState:
            restarts === 0 ? {} : { terminated: { reason: 'Error', exitCode: exit_code, finishedAt: ago(since) } },
        },
      ],
    },
  };
  const word = kind === 'startup' ? 'Startup' : 'Liveness';
  const event: BundleEvent = {
    ...subject,
    ...{ id: 'e', type: 'Warning', reason: 'Unhealthy', component: 'kubelet', count: failures },
    message: `${word} probe failed: dial tcp 10.1.1.1:80: connect: connection refused`,
    ...{ first_timestamp: ago(since), last_timestamp: ago(5) },
  };
  return diagnose(
    aBundle({ at, subject, objects: [{ id: 'pod', ...subject, body }], events: [event], logs: [], changes: [] }),
  );
}

describe('a probe that fails', () => {
  it.each<[string, Case]>([
    ['while a start has time', { kind: 'startup', failures: 4, threshold: 30, since: 45 }],
    ['while a long start has time', { kind: 'startup', failures: 40, threshold: 60, since: 410 }],
    ['in the start of what is up by now', { kind: 'startup', failures: 9, threshold: 30, since: 400, ready: true }],
    ['less often than it may', { kind: 'liveness', failures: 4, threshold: 10, since: 900, ready: true }],
  ])('is no fault %s', (_when, one) => {
    expect(told(one).category).toBe('no_incident');
  });

  it.each<[string, Case]>([
    ['a start', { kind: 'startup', failures: 60, threshold: 10, since: 20, restarts: 5 }],
    [
      'a start that has to be killed',
      { kind: 'startup', failures: 60, threshold: 10, since: 20, restarts: 5, exit_code: 137 },
    ],
    ['what was up', { kind: 'liveness', failures: 30, threshold: 3, since: 20, restarts: 5 }],
  ])('has the kubelet restart %s, told or not', (_what, one) => {
    const { category, root_cause } = told(one);
    expect(category).toBe(one.kind === 'startup' ? 'probe_startup_failed' : 'probe_liveness_misconfigured');
    expect(root_cause.description).toContain('the kubelet restarts the container');
  });

  it('has not stopped what ended by itself, or failed too seldom for that', () => {
    expect(told({ kind: 'startup', failures: 60, threshold: 10, since: 20, restarts: 5, exit_code: 1 }).category).toBe(
      'unknown',
    );
    expect(told({ kind: 'startup', failures: 3, threshold: 10, since: 20, restarts: 5 }).category).toBe('unknown');
  });

  it('is the fault beyond the time that a start has, and has restarted nothing yet', () => {
    const { category, root_cause } = told({ kind: 'startup', failures: 40, threshold: 20, since: 410 });
    expect(category).toBe('probe_startup_failed');
    expect(root_cause.description).toContain('the container does not get through its start because its startup probe');
  });
});
