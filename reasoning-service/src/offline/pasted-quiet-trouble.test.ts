import { describe, expect, it } from '@jest/globals';
import { inShort, pasted } from '../../test/pasted.ts';

const rows = `NAMESPACE   NAME                    READY   STATUS    RESTARTS   AGE
moor        grouse-6f7d8c9b5-2k4lm  1/1     Running   0          3d
`;
const beside = (...lines: string[]) =>
  pasted({ 'pods.txt': rows, 'moor_grouse-6f7d8c9b5-2k4lm_grouse.log': `${lines.join('\n')}\n` });
const at = (second: number, words: string) => `2026-11-20T10:14:${String(second).padStart(2, '0')}Z ${words}`;
const times = (count: number, line: (n: number) => string) => Array.from({ length: count }, (_, n) => line(n));
const served = times(8, (n) => at(20 + n, 'INFO GET /nests 200 12ms'));
const access = (status: number, rest: string) =>
  `10.0.0.1 - - [20/Nov/2026:10:14:10 +0000] "GET /nests HTTP/1.1" ${status} 157 "-" "curl/8"${rest}`;

describe('what a program does no more', () => {
  it.each([
    ['ERROR all order writes disabled: license expired'],
    ['ERROR licence of the ledger has expired, read-only from now on'],
    ['ERROR no eggs will be processed until restart'],
  ])('is no all-clear, whatever goes well after it: %s', (words) => {
    const found = beside(at(1, words), ...served);
    expect([found.category, found.status]).toEqual(['unknown', 'abstained']);
    expect(found.root_cause.description).toContain(words);
  });

  it.each([
    [
      'it is done again',
      [at(1, 'ERROR all writes disabled: disk is slow'), at(2, 'INFO writes re-enabled'), ...served],
    ],
    ['the program only says how it is set', [at(1, 'INFO all debug endpoints disabled'), ...served]],
    ['it is one feature that is left out', [at(1, 'ERROR tracing disabled: no collector is set'), ...served]],
  ])('is none of that where %s', (_, lines) => {
    expect(beside(...lines).category).toBe('no_incident');
  });
});

describe('requests that all succeed, each after a long time', () => {
  it.each([
    ['with a unit', times(8, (n) => at(n, `INFO GET /nests/${n} 200 ${9_000 + n * 300}ms`))],
    ['in a field', times(8, (n) => at(n, `level=info method=GET path=/nests status=200 duration=${9 + n / 4}s`))],
    [
      'in a field of JSON that names its unit',
      times(
        8,
        (n) => `{"ts":"${at(n, '').trim()}","level":"info","path":"/nests","status":200,"duration_ms":${9_100 + n}}`,
      ),
    ],
    ['as nginx adds it', times(8, (n) => access(200, ` ${9 + n}.812`))],
    ['as nginx names it', times(8, (n) => access(200, ` rt=${9 + n}.812`))],
  ])('are slow: %s', (_, lines) => {
    const found = beside(...lines);
    expect([inShort(found), found.confidence < 0.9]).toEqual(['latency_high Deployment moor/grouse', true]);
    expect(found.root_cause.description).toContain('9');
  });

  it.each([
    [
      'one of them is quick',
      [...times(8, (n) => at(n, `INFO GET /nests/${n} 200 ${9_000 + n}ms`)), at(9, 'INFO GET /nests/1 200 14ms')],
    ],
    ['they wait for what happens', times(8, (n) => at(n, `INFO GET /nests/events?watch=1 200 30000ms`))],
    ['they are few', times(2, (n) => at(n, `INFO GET /nests/${n} 200 9000ms`))],
    ['the figure has no unit', times(8, (n) => at(n, `INFO GET /nests status=200 duration=${9_000 + n}`))],
    ['the figure is what was sent', times(8, () => access(200, ' "-" 9000'))],
  ])('are not where %s', (_, lines) => {
    expect(beside(...lines).category).toBe('no_incident');
  });
});

describe('failures that a program tells as information in the middle of its work', () => {
  const failed = (n: number) => at(n, `INFO order ${n} could not be saved: the ledger says no`);
  it('make the all-clear unsure, and are quoted', () => {
    const found = beside(...times(20, (n) => (n % 3 === 0 ? failed(n) : at(n, 'INFO GET /nests 200 12ms'))));
    expect([found.category, found.confidence < 0.9]).toEqual(['no_incident', true]);
    expect(found.root_cause.description).toContain('could not be saved');
  });

  it.each([
    ['one of many', [...times(20, (n) => at(n, 'INFO GET /nests 200 12ms')), failed(1), ...served]],
    ['long past', [...times(4, failed), ...served, ...served]],
  ])('do not where they are %s', (_, lines) => {
    expect(beside(...lines).confidence).toBeGreaterThan(0.9);
  });
});
