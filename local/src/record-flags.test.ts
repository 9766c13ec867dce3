import { describe, expect, it } from '@jest/globals';
import { splitRecordFlags } from './record-flags.ts';

describe('the flags of npm run record', () => {
  it('parts what the record needs from what reading the cluster needs', () => {
    expect(
      splitRecordFlags(['--namespace', 'shop', '--out', 'a.json', '--kubeconfig', 'k', '--category', 'oom_killed']),
    ).toEqual({
      own: ['--out', 'a.json', '--category', 'oom_killed'],
      cluster: ['--kubeconfig', 'k', '--namespace', 'shop'],
    });
    expect(splitRecordFlags(['--help'])).toEqual({ own: ['--help'], cluster: [] });
  });

  it.each([
    [['--namespace', 'shop'], '--out FILE is missing'],
    [['--out', 'a.json'], '--namespace NAME is missing'],
    [['--out', 'a.json', '--all-namespaces'], "Unknown option '--all-namespaces'"],
    [['--out'], 'argument missing'],
  ])('%j is refused', (args, words) => {
    expect(splitRecordFlags(args)).toEqual({ problem: expect.stringContaining(words) });
  });
});
