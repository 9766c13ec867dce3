import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.ts';

describe('words of the command', () => {
  it('take several files after one flag or with the flag repeated', () => {
    const read = readOptions([
      '--series',
      'a',
      'b',
      '--json',
      '--series',
      'c',
      '--edges',
      'e',
      '--onset',
      '1709287200',
      '--target',
      'x:latency',
    ]);
    expect(read).toEqual({
      options: {
        series: ['a', 'b', 'c'],
        edges: ['e'],
        logs: [],
        graph: undefined,
        target: { entity: 'x', metric: 'latency' },
        onset: 1709287200000,
        json: true,
        help: false,
      },
    });
  });

  it.each([
    [[], '--series FILE is missing'],
    [['--series', 'a', '--onset', 'noon'], '--onset "noon" is not a time (ISO 8601 or epoch)'],
    [['--series', 'a', '--target', 'x'], '--target "x" is not ENTITY:METRIC'],
    [['--series', 'a', '--json', 'stray'], '"stray" belongs to no flag'],
    [['--what'], "Unknown option '--what'"],
  ])('%j are refused', (args, problem) => {
    const read = readOptions(args);
    expect('problem' in read && read.problem).toContain(problem);
  });
});
