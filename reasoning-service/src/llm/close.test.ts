import type { Category } from '@aetherius/shared/contracts';
import { aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Hypothesis } from '../diagnosis/hypothesis.ts';
import { closeHypotheses, inOrder } from './close.ts';

const weighing = (category: Category, weight: number) => ({ category, weight }) as Hypothesis;
const rejected = ['oom_killed', 'disk_full', 'dns_failure', 'rbac_forbidden'].map((category) => ({
  category,
  reason: category,
}));
const abstained = aDiagnosis({ category: 'unknown', status: 'abstained', rejected });

describe('hypotheses that the rules left close', () => {
  it('are those within a tenth of the best, if there is more than one', () => {
    const weak = [weighing('oom_killed', 0.4), weighing('disk_full', 0.45), weighing('dns_failure', 0.2)];
    expect(closeHypotheses(weak)).toEqual(['disk_full', 'oom_killed']);
    expect(closeHypotheses(weak.slice(0, 1))).toEqual([]);
    expect(closeHypotheses([weighing('disk_full', 0.5), weighing('oom_killed', 0.3)])).toEqual([]);
  });

  it('change places among each other', () => {
    const ordered = inOrder(abstained, ['oom_killed', 'dns_failure'], ['dns_failure', 'oom_killed']);
    expect(ordered.rejected.map(({ category }) => category)).toEqual([
      'dns_failure',
      'disk_full',
      'oom_killed',
      'rbac_forbidden',
    ]);
  });

  it('is all that a ranking can change, whatever it says', () => {
    const names = fc.constantFrom(
      'oom_killed',
      'disk_full',
      'dns_failure',
      'rbac_forbidden',
      'node_not_ready',
      'delete',
    );
    fc.assert(
      fc.property(fc.array(names), fc.uniqueArray(names, { maxLength: 4 }), (ranking, close) => {
        const { rejected: after, ...rest } = inOrder(abstained, close, ranking);
        const { rejected: before, ...same } = abstained;
        expect(rest).toEqual(same);
        expect(new Set(after)).toEqual(new Set(before));
        expect(after).toHaveLength(before.length);
      }),
    );
  });
});
