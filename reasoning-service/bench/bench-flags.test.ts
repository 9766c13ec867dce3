import { describe, expect, it } from '@jest/globals';
import { readNumbers } from './bench-flags.ts';

const read = readNumbers({ runs: { default: 10, min: 1, max: 100 } });

describe('the flags of a bench', () => {
  it.each([
    [[], { runs: 10, help: false }],
    [['--runs', '7'], { runs: 7, help: false }],
    [['--help'], { runs: 10, help: true }],
  ])('%j', (args, options) => expect(read(args)).toEqual({ options }));

  it.each([
    [['--runs', 'many'], '--runs must be a whole number from 1 to 100'],
    [['--runs', '0.5'], '--runs must be a whole number'],
    [['--runs', '101'], '--runs must be a whole number'],
    [['--fast'], "Unknown option '--fast'"],
    [['7'], 'Unexpected argument'],
  ])('%j is refused', (args, words) => expect(read(args)).toEqual({ problem: expect.stringContaining(words) }));
});
