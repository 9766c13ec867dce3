import { expect, it } from '@jest/globals';
import stored from '../src/diagnosis/calibration.json' with { type: 'json' };
import { fittedCalibration } from './calibration-fit.ts';

it('the stored calibration is what the tune half gives today', () => {
  // Where this fails, run the command that the file names.
  expect(stored).toEqual(fittedCalibration());
});
