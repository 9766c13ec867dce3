import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { calibrated, fitCalibration } from './calibration.ts';

const outcome = fc.record({ weight: fc.double({ min: 0, max: 1, noNaN: true }), is_right: fc.boolean() });

describe('calibration', () => {
  it('never gives more confidence to less evidence', () => {
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 60 }), (outcomes) => {
        const confidences = fitCalibration(outcomes).map(({ confidence }) => confidence);
        expect(confidences).toEqual([...confidences].sort((a, b) => a - b));
      }),
    );
  });
  it('claims no more than the number of cases supports, were all of them right', () => {
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 1, maxLength: 60 }), (outcomes) => {
        const most = outcomes.length / (outcomes.length + 1.2816 ** 2);
        for (const { confidence } of fitCalibration(outcomes)) expect(confidence).toBeLessThanOrEqual(most + 1e-9);
      }),
    );
  });
  it('grows with the cases that were right, and leaves out those of less evidence that were wrong', () => {
    const right = (weight: number) => ({ weight, is_right: true });
    const points = fitCalibration([
      { weight: 0.7, is_right: false },
      ...Array.from({ length: 8 }, () => right(0.8)),
      ...Array.from({ length: 32 }, () => right(0.9)),
    ]);
    expect(points).toEqual([
      { weight: 0.7, confidence: 0 },
      { weight: 0.8, confidence: 0.829 },
      { weight: 0.9, confidence: 0.96 },
    ]);
    expect([0.6, 0.85, 0.95].map((weight) => calibrated(weight, points))).toEqual([0, 0.829, 0.96]);
  });
  it('leaves a weight as it is where nothing was fitted', () => expect(calibrated(0.8, [])).toBe(0.8));
});
