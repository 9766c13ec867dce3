import { expect, it } from '@jest/globals';
import { readFlags } from './flags.ts';

const names = ['bus-away', 'database-away'];

it('reads which faults are wanted, and for how long', () => {
  expect(readFlags([], names)).toEqual({ only: [], full: false, list: false });
  expect(readFlags(['--only', 'bus-away', '--full'], names)).toMatchObject({ only: ['bus-away'], full: true });
});

it('says what is wrong with a name or a flag', () => {
  expect(() => readFlags(['--only', 'moon-away'], names)).toThrow('--only moon-away: there is no such fault');
  expect(() => readFlags(['--fulll'], names)).toThrow('--fulll');
});
