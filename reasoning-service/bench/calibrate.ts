import { writeFileSync } from 'node:fs';
import { fittedCalibration } from './calibration-fit.ts';

/** Fits what a weight of evidence is worth, and writes it where the diagnosis reads it. */
const fitted = fittedCalibration();
writeFileSync(new URL('../src/diagnosis/calibration.json', import.meta.url), `${JSON.stringify(fitted, null, 2)}\n`);
process.stdout.write(`${fitted.outcomes} outcomes, ${fitted.points.length} steps\n`);
