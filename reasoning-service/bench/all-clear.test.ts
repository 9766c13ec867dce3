import { describe, expect, it } from '@jest/globals';
import { pasted } from '../test/pasted.ts';
import { readHalf } from './incident-library.ts';

const row = `NAMESPACE   NAME                    READY   STATUS    RESTARTS   AGE
moor        grouse-6f7d8c9b5-2k4lm  1/1     Running   0          3d
`;
const file = 'moor_grouse-6f7d8c9b5-2k4lm_grouse.log';

/** A container whose log the kubelet had taken away, and a few plain words: beside those the row decides alone. */
const saysNothing = (lines: readonly string[]): boolean =>
  lines.every((line) => line.startsWith('unable to retrieve container logs')) ||
  (lines.length <= 2 && lines.every((line) => /^[\w ./-]{0,40}$/.test(line) && !trouble.test(line)));
const trouble = /error|fail|fatal|panic|cannot|denied|refused|killed|no such|timed? ?out|unknown|invalid/i;

describe('the logs of the library, each beside a pod that counts as ready', () => {
  const all = readHalf('tune').flatMap(({ name, expected, bundle }) =>
    bundle.logs
      .filter(({ lines }) => lines.some((line) => /\w/.test(line)))
      .map(({ lines }) => ({
        ...{ name, at: bundle.at, isWell: expected.category === 'no_incident' },
        ...{ lines, text: lines.join('\n') },
      })),
  );
  const acquitted = all.filter(({ at, lines, text }) => {
    // As of its own time, for what is dated later than the rest is not of the same evidence.
    const isClear = (texts: Record<string, string>) => pasted(texts, at).category === 'no_incident';
    return !saysNothing(lines) && isClear({ 'pods.txt': row, [file]: text }) && !isClear({ [file]: text });
  });

  it('are many', () => expect(all.length).toBeGreaterThan(200));
  it('are acquitted by it only where what wrote them was well', () =>
    expect(acquitted.filter(({ isWell }) => !isWell).map(({ name }) => name)).toEqual([]));
  it('are acquitted by it where they are noisy and well', () =>
    expect(acquitted.map(({ name }) => name)).toContain('one-refused-line-at-start'));
});
