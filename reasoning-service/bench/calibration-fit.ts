import { fitCalibration } from '../src/diagnosis/calibration.ts';
import { closeness, findIn } from '../src/diagnosis/diagnose.ts';
import { readHalf } from './incident-library.ts';

/** What a weight of evidence is worth on the tune half alone, as the diagnosis reads it. */
export function fittedCalibration() {
  const outcomes = readHalf('tune').flatMap(({ bundle, expected }) => {
    const { facts, standing } = findIn(bundle, []);
    // What is found of others is true of them, and no answer about this subject.
    return standing
      .filter((one) => closeness(facts, one) === 0)
      .map(({ hypothesis: { weight, category } }) => ({
        weight: Math.round(weight * 100) / 100,
        is_right: category === expected.category,
      }));
  });
  const command = 'node --conditions=source reasoning-service/bench/calibrate.ts';
  return { command, outcomes: outcomes.length, points: fitCalibration(outcomes) };
}
