import { expect, it } from '@jest/globals';
import { certaintyOf, marginOf } from './confidence.ts';

it('needs a lead and a deviation for each band', () => {
  expect(certaintyOf(8, 0.8)).toEqual({ confidence: 0.95, strength: 'strong' });
  expect(certaintyOf(7.9, 0.9)).toEqual({ confidence: 0.7, strength: 'fair' });
  expect(certaintyOf(50, 0.59)).toEqual({ confidence: 0.3, strength: 'weak' });
  expect(certaintyOf(2.5, 1)).toEqual({ confidence: 0.3, strength: 'weak' });
});

it('measures the lead between equal and alone', () => {
  expect(marginOf(4, 4)).toBe(0.5);
  expect(marginOf(4, 0)).toBe(1);
  expect(marginOf(0, 0)).toBe(0);
});
