import { describe, expect, it } from '@jest/globals';
import { readFileFlag } from './file-flag.ts';

describe('readFileFlag', () => {
  it('takes the file, and help before everything', () => {
    expect(readFileFlag(['--out', 'a.dump'], 'out')).toEqual({ file: 'a.dump' });
    expect(readFileFlag(['--help'], 'out')).toEqual({ help: true });
  });

  it.each([
    [[], '--out FILE is missing'],
    [['--out', ''], '--out FILE is missing'],
    [['--out'], "Option '--out <value>' argument missing"],
    [['--form', 'a'], "Unknown option '--form'"],
    [['a.dump'], "Unexpected argument 'a.dump'"],
  ])('says what is wrong with %j', (args, problem) => {
    expect(readFileFlag(args, 'out')).toEqual({ problem: expect.stringContaining(problem) });
  });
});
