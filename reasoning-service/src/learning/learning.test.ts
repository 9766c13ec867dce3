import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accuracyOf } from './accuracy.ts';
import { adjusted, TRUSTED_FROM } from './adjust-confidence.ts';
import type { Judgement } from './measured.ts';
import { suggestionsFrom } from './suggestions.ts';
import { diagnosisVerdict, remedyVerdict } from './verdict.ts';

const judgement = (is_right: boolean, more: Partial<Judgement> = {}): Judgement => ({
  category: 'oom_killed',
  confidence: 0.95,
  is_right,
  actual_category: null,
  at: '2026-01-01T00:00:00.000Z',
  ...more,
});
const many = (count: number, one: Judgement) => Array.from({ length: count }, () => one);

describe('verdicts', () => {
  it.each([
    ['run', 'verified', 'set_resources', 'right', 'worked'],
    ['run', 'contained', 'cordon_node', undefined, 'worked'],
    ['run', 'rolled_back', 'set_resources', undefined, 'failed'],
    ['run', 'not_repaired', null, undefined, undefined],
    ['run', 'cancelled', 'set_resources', undefined, undefined],
    ['person', 'confirmed', null, 'right', undefined],
    ['person', 'wrong', null, 'wrong', undefined],
    ['person', 'verified', 'fix_configuration', undefined, 'worked'],
  ] as const)('%s says %s after %s', (source, outcome, action, diagnosis, remedy) => {
    expect([diagnosisVerdict({ source, outcome }), remedyVerdict({ action, outcome })]).toEqual([diagnosis, remedy]);
  });
});

describe('accuracy', () => {
  it('has no number where nothing was judged', () => {
    const seen = accuracyOf({ judgements: [], answers: [{ category: 'oom_killed', answered: 3 }], remedies: [] });
    expect(seen.overall).toEqual({
      answered: 3,
      judged: 0,
      correct: 0,
      accuracy: null,
      reason: 'none of the answers has a verdict yet',
    });
    expect(seen.recommendation_adoption).toEqual({ offers: 0, taken: 0, value: null, reason: expect.any(String) });
    expect(seen.prediction).toEqual({ value: null, reason: expect.any(String) });
  });

  it('says which share of the offers was taken, over all causes', () => {
    const offers = [
      { category: 'oom_killed', offers: 3, taken: 2 },
      { category: 'disk_full', offers: 1, taken: 0 },
    ];
    expect(accuracyOf({ judgements: [], answers: [], remedies: [], offers }).recommendation_adoption).toEqual({
      offers: 4,
      taken: 2,
      value: 0.5,
      reason: null,
    });
  });

  it('sets stated confidence beside what came true', () => {
    const judgements = [judgement(true), judgement(false), judgement(true, { confidence: null })];
    const seen = accuracyOf({ judgements, answers: [], remedies: [] });
    expect(seen.reliability).toEqual([{ from: 0.9, to: 1, judged: 2, confidence: 0.95, accuracy: 0.5 }]);
    expect(seen.by_root_cause['oom_killed']).toMatchObject({ judged: 3, correct: 2, accuracy: 0.667 });
  });
});

describe('suggestions', () => {
  it('look at offers that people leave', () => {
    const left = { category: 'oom_killed', offers: 5, taken: 1 };
    expect(suggestionsFrom([], [], [left]).suggestions).toMatchObject([
      { type: 'seldom_taken', root_cause: 'oom_killed', measured: { offers: 5, taken: 1 } },
    ]);
    expect(
      suggestionsFrom(
        [],
        [],
        [
          { ...left, offers: 4 },
          { ...left, taken: 2 },
        ],
      ).suggestions,
    ).toEqual([]);
  });

  it('wait for enough verdicts', () => {
    expect(suggestionsFrom([], []).reason).toBe('nothing was judged yet');
    expect(suggestionsFrom(many(4, judgement(false)), [])).toMatchObject({ suggestions: [], judged: 4 });
  });

  it('name what is wrong often, taken for another, too sure, or of no help', () => {
    const wrong = many(5, judgement(false, { actual_category: 'disk_full' }));
    const remedies = [{ category: 'oom_killed', remedy: 'set_resources', tried: 5, worked: 1 }];
    const { suggestions, reason } = suggestionsFrom(wrong, remedies);
    expect(reason).toBeNull();
    expect(suggestions.map(({ type, measured }) => [type, measured])).toEqual([
      ['low_accuracy', { judged: 5, accuracy: 0 }],
      ['confusion', { times: 5, actual: 'disk_full' }],
      ['overconfident', { judged: 5, stated: 0.95, came_true: 0 }],
      ['failing_remedy', { tried: 5, worked: 1 }],
    ]);
  });
});

describe('confidence after verdicts', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const count = fc.integer({ min: 0, max: 10_000 });

  it('is what calibration said until there are verdicts', () => {
    expect(adjusted(0.93, { right: 0, wrong: 0, loudest: 0 })).toBe(0.93);
  });

  it('stays a probability, rises with right and falls with wrong ones', () => {
    fc.assert(
      fc.property(share, count, count, (confidence, right, wrong) => {
        const now = adjusted(confidence, { right, wrong, loudest: 0 });
        return (
          now >= 0 &&
          now <= 1 &&
          adjusted(confidence, { right: right + 50, wrong, loudest: 0 }) >= now &&
          adjusted(confidence, { right, wrong: wrong + 50, loudest: 0 }) <= now
        );
      }),
    );
  });

  it('is not taken below trust by one person, however loud, but is by two', () => {
    expect(adjusted(0.95, { right: 0, wrong: 1_000, loudest: 1_000 })).toBe(TRUSTED_FROM);
    expect(adjusted(0.95, { right: 0, wrong: 1_002, loudest: 1_000 })).toBe(TRUSTED_FROM);
    expect(adjusted(0.95, { right: 0, wrong: 40, loudest: 20 })).toBeLessThan(TRUSTED_FROM);
    expect(adjusted(0.5, { right: 0, wrong: 9, loudest: 9 })).toBe(0.5);
  });
});
