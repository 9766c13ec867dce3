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
  it('pools what falls, and claims no certainty from few answers', () => {
    const points = fitCalibration([
      { weight: 0.7, is_right: true },
      { weight: 0.8, is_right: false },
      { weight: 0.9, is_right: true },
    ]);
    expect(points).toEqual([
      { weight: 0.7, confidence: 0.5 },
      { weight: 0.9, confidence: 0.667 },
    ]);
    expect([0.6, 0.75, 0.95].map((weight) => calibrated(weight, points))).toEqual([0.5, 0.5, 0.667]);
  });
  it('leaves a weight as it is where nothing was fitted', () => expect(calibrated(0.8, [])).toBe(0.8));
});
