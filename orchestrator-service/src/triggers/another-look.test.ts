import { aBundle, aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { allKeysOf, isWorthAnotherLook } from './another-look.ts';

const unknown = aDiagnosis({ category: 'unknown', status: 'abstained' });
const subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const last: Parameters<typeof isWorthAnotherLook>[0] = {
  phase: 'escalated',
  outcome: 'not_repaired',
  diagnosis: unknown,
  bundle_hash: 'h',
  incident: { id: 'i', episode: 1, cluster_id: 'eu-1', severity: 'high', reason: 'A', reasons: ['A'], subject },
};
const told = { incident_id: 'i', episode: 1, reasons: ['A', 'B'], bundle: null };

describe('isWorthAnotherLook', () => {
  it('follows a run without a cause when there is a reason, or evidence, that it never had', () => {
    expect(isWorthAnotherLook(last, told)).toBe(true);
    expect(isWorthAnotherLook({ ...last, bundle_hash: null }, { ...told, reasons: ['A'], bundle: aBundle() })).toBe(
      true,
    );
  });

  it('follows one whose fault was still to come', () => {
    const foreseen = { reached_at: null, earliest_at: null, latest_at: null, probability: 0.9 };
    const foretold = { ...last, diagnosis: aDiagnosis({ foreseen }) };
    expect(isWorthAnotherLook(foretold, { ...told, bundle: aBundle() })).toBe(true);
    // A strange number beside it is no fault yet.
    const forecast = {
      id: 'f',
      series: { name: 's', labels: {} },
      at: aBundle().at,
      value: 0.8,
      limit: 1,
      ...foreseen,
    };
    const bundle = aBundle({ forecasts: [{ ...forecast, confidence: 0.9 }] });
    expect(isWorthAnotherLook(foretold, { ...told, bundle })).toBe(false);
  });

  it.each([
    ['nothing new was noticed', last, { ...told, reasons: ['A'], bundle: aBundle() }],
    ['the cause was found', { ...last, diagnosis: aDiagnosis() }, told],
    ['the workflow never asked', { ...last, diagnosis: null }, told],
    ['a person cancelled', { ...last, outcome: 'cancelled' as const }, told],
    ['it was repaired', { ...last, phase: 'resolved' as const }, told],
  ])('leaves it when %s', (_, ended, event) => {
    expect(isWorthAnotherLook(ended, event)).toBe(false);
  });

  it('has a key for the first run and for three more', () => {
    expect(allKeysOf(told)).toEqual(['i:1', 'i:1:1', 'i:1:2', 'i:1:3']);
  });
});
