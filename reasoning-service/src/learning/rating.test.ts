import { describe, expect, it } from '@jest/globals';
import { causeNamed, leaning, markOf, outcomeOf, type Rating } from './rating.ts';

const mark = (rating: number, more: Partial<Rating> = {}): Rating => ({
  id: 'm',
  request_id: 'i-1',
  feedback_type: 'diagnosis_accuracy',
  rating,
  was_helpful: null,
  actual_root_cause: null,
  actual_solution: null,
  comments: null,
  submitted_by: 'ada',
  at: '2026-03-01T00:00:00.000Z',
  ...more,
});

describe('a mark', () => {
  it.each([
    [5, null, 'good'],
    [4, true, 'good'],
    [5, false, 'bad'],
    [3, true, 'neither'],
    [2, true, 'bad'],
  ] as const)('%s, helpful %s, leans to %s', (rating, was_helpful, side) => {
    expect(leaning(mark(rating, { was_helpful }))).toBe(side);
  });

  it('becomes an outcome by what it is about', () => {
    expect(outcomeOf(mark(5))).toBe('confirmed');
    expect(outcomeOf(mark(1))).toBe('wrong');
    const useful = (rating: number, was_helpful: boolean | null) =>
      outcomeOf(mark(rating, { feedback_type: 'recommendation_usefulness', was_helpful }));
    expect([useful(1, false), useful(5, true), useful(1, null), useful(5, null)]).toEqual([
      ...['failed', 'verified'],
      ...[undefined, undefined],
    ]);
    expect(outcomeOf(mark(5, { feedback_type: 'prediction_accuracy' }))).toBeUndefined();
    expect(outcomeOf(mark(3))).toBeUndefined();
  });

  it('may be a word', () => {
    expect([markOf('positive'), markOf('neutral'), markOf('negative'), markOf(4)]).toEqual([5, 3, 1, 4]);
  });
});

describe('the cause that a person names', () => {
  it('is one of the list, one of the public names, or words alone', () => {
    expect(['disk_full', 'OOMKiller', 'gremlins', null].map(causeNamed)).toEqual([
      'disk_full',
      'oom_killed',
      null,
      null,
    ]);
  });
});
