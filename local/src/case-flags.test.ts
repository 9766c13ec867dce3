import { expect, it } from '@jest/globals';
import { readCaseFlags } from './case-flags.ts';

it('reads which way and which file', () => {
  expect(readCaseFlags(['--export', 'a.json'])).toEqual({ way: 'export', file: 'a.json' });
  expect(readCaseFlags(['--import', 'b.json', '--url', 'http://x', '--token-file', 't'])).toEqual({
    way: 'import',
    file: 'b.json',
    url: 'http://x',
    tokenFile: 't',
  });
  expect(readCaseFlags(['--help'])).toEqual({ help: true });
});

it.each([
  [[], /--export FILE or --import FILE is missing/],
  [['--export', ''], /is missing/],
  [['--export', 'a', '--import', 'b'], /do not go together/],
  [['--exprot', 'a'], /--exprot/],
])('refuses %j', (args, words) => {
  expect(readCaseFlags(args)).toEqual({ problem: expect.stringMatching(words) });
});
