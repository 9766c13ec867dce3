import { describe, expect, it } from '@jest/globals';
import { readFlags, usageOf } from './number-flags.ts';

const flags = { numbers: { agents: { default: 10, min: 1, max: 100 } }, switches: ['growth'] as const };

describe('flags of a bench', () => {
  it('have defaults', () => {
    expect(readFlags([], flags)).toEqual({ agents: 10, growth: false });
    expect(readFlags(['--agents', '7', '--growth'], flags)).toEqual({ agents: 7, growth: true });
  });

  it('are told with their bounds', () => {
    expect(usageOf(flags)).toContain('--agents N  usually 10; from 1 to 100');
    expect(usageOf(flags)).toContain('--growth');
  });

  it.each([
    [['--agents', 'many'], /--agents: must be a number from 1 to 100|agents/],
    [['--agents', '0'], /agents/],
    [['--agents', '101'], /agents/],
    [['--speed', '7'], /speed/],
    [['more'], /more/],
  ])('are refused by name: %j', (args, reason) => {
    expect(() => readFlags(args, flags)).toThrow(reason);
  });
});
