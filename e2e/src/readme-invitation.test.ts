import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './run.ts';

const [, program = ''] = /node -p '(const \{ commands[^']*)'/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
const printed = (answer: object): string =>
  execFileSync(process.execPath, ['-p', program], { input: JSON.stringify(answer), encoding: 'utf8' }).trim();

describe('the line of the README that lets a cluster in', () => {
  it('prints the two commands', () => {
    expect(printed({ commands: { helm: 'helm install', kubectl: 'kubectl apply' } })).toBe(
      'helm install\n\nkubectl apply',
    );
  });

  it.each([
    [
      { title: 'The input does not fit', errors: [{ field: 'body.cluster_id', message: 'lower case only' }] },
      'The input does not fit: body.cluster_id: lower case only',
    ],
    [{ title: 'Not allowed', detail: 'the token has expired' }, 'Not allowed: the token has expired'],
  ])('says why it was refused: %j', (problem, words) => {
    expect(printed(problem)).toBe(words);
  });
});
