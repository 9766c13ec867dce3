import { writeFileSync } from 'node:fs';
import { fitCalibration } from '../src/diagnosis/calibration.ts';
import { closeness, findIn } from '../src/diagnosis/diagnose.ts';
import { halfOf, readIncidents } from './incident-library.ts';

/** Fits what a weight of evidence is worth on the tune half alone, and writes it where the diagnosis reads it. */
const outcomes = readIncidents()
  .filter(({ name }) => halfOf(name) === 'tune')
  .flatMap(({ bundle, expected }) => {
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
const points = fitCalibration(outcomes);
writeFileSync(
  new URL('../src/diagnosis/calibration.json', import.meta.url),
  `${JSON.stringify({ command, outcomes: outcomes.length, points }, null, 2)}\n`,
);
process.stdout.write(`${outcomes.length} outcomes, ${points.length} steps\n`);
