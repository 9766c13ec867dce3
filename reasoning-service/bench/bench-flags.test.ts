import { describe, expect, it } from '@jest/globals';
import { readFlags, usageOf } from './bench-flags.ts';

const flags = {
  numbers: { runs: { default: 10, min: 1, max: 100 }, minutes: { default: 1, min: 0.1, max: 60 } },
  switches: ['growth'],
  texts: ['data'],
} as const;
const read = readFlags(flags);
const usual = { runs: 10, minutes: 1, growth: false, help: false };

describe('the flags of a bench', () => {
  it.each([
    [[], usual],
    [['--runs', '7', '--minutes', '0.5'], { ...usual, runs: 7, minutes: 0.5 }],
    [['--growth', '--data', 'here'], { ...usual, growth: true, data: 'here' }],
    [['--help'], { ...usual, help: true }],
  ])('%j', (args, options) => expect(read(args)).toEqual({ options }));

  it.each([
    [['--runs', 'many'], '--runs must be a whole number from 1 to 100'],
    [['--runs', '0.5'], '--runs must be a whole number'],
    [['--runs', '101'], '--runs must be a whole number'],
    [['--minutes', '0'], '--minutes must be a number from 0.1 to 60'],
    [['--fast'], "Unknown option '--fast'"],
    [['--data'], "'--data"],
    [['7'], 'Unexpected argument'],
  ])('%j is refused', (args, words) => expect(read(args)).toEqual({ problem: expect.stringContaining(words) }));

  it('are told with their bounds', () => {
    const usage = usageOf('bench:x', flags);
    for (const words of ['usage: npm run bench:x', '--runs N  usually 10; from 1 to 100', '--growth', '--data DATA'])
      expect(usage).toContain(words);
  });
});
