import { describe, expect, it } from '@jest/globals';
import { type Statement, statementsOf } from '../src/diagnosis/messages/log-line.ts';
import { tellsOfWork, uneasyIn } from '../src/diagnosis/verdict/calm-log.ts';
import { pasted } from '../test/pasted.ts';
import { readIncidents } from './incident-library.ts';

const row = `NAMESPACE   NAME                    READY   STATUS    RESTARTS   AGE
moor        grouse-6f7d8c9b5-2k4lm  1/1     Running   0          3d
`;
const file = 'moor_grouse-6f7d8c9b5-2k4lm_grouse.log';

/** Of a log that tells neither of work nor of trouble nothing is acquitted. */
const saysSomething = (all: readonly Statement[]): boolean => tellsOfWork(all) || uneasyIn(all).length > 0;

describe('the logs of the library, each beside a pod that counts as ready', () => {
  const all = readIncidents().flatMap(({ name, expected, bundle }) =>
    bundle.logs
      .filter(({ lines }) => saysSomething(statementsOf(lines)))
      .map(({ lines }) => ({ name, isWell: expected.category === 'no_incident', text: lines.join('\n') })),
  );
  const acquitted = all.filter(({ text }) => {
    const isClear = (texts: Record<string, string>) => pasted(texts).category === 'no_incident';
    return isClear({ 'pods.txt': row, [file]: text }) && !isClear({ [file]: text });
  });

  it('are many', () => expect(all.length).toBeGreaterThan(300));
  it('are acquitted by it only where what wrote them was well', () =>
    expect(acquitted.filter(({ isWell }) => !isWell).map(({ name }) => name)).toEqual([]));
  it('are acquitted by it where they are noisy and well', () =>
    expect(acquitted.map(({ name }) => name)).toContain('errors-that-are-over'));
});
