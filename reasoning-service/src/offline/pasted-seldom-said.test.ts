import { describe, expect, it } from '@jest/globals';
import { inShort, pasted } from '../../test/pasted.ts';

const rows = `NAMESPACE   NAME                    READY   STATUS    RESTARTS   AGE
moor        grouse-6f7d8c9b5-2k4lm  1/1     Running   0          3d
`;
const beside = (...lines: string[]) =>
  pasted({ 'pods.txt': rows, 'moor_grouse-6f7d8c9b5-2k4lm_grouse.log': `${lines.join('\n')}\n` });
const at = (minute: number, words: string) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00Z ${words}`;
const access = (path: string, status: number) =>
  `10.0.0.1 - - [20/Nov/2026:10:14:10 +0000] "POST ${path} HTTP/1.1" ${status} 157 "-" "curl/8"`;
const full = (file: number) =>
  `2026/11/20 10:14:10 [crit] 31#31: *${file} pwrite() "/var/cache/nginx/${file}" failed (28: No space left on device), client: 10.0.0.1`;
const served = [1, 2, 3, 4, 5, 6].map(() => access('/nests', 200));
const runs = (fails: string) =>
  [1, 2].flatMap((run) => [at(run, `INFO count #${run} started`), at(run, `ERROR count #${run} failed: ${fails}`)]);
const untrusted = 'certificate verify failed: self-signed certificate in certificate chain';
const refused = (words: string) => at(5, `ERROR cannot reach eggs.moor.svc:5432: connection refused${words}`);
const thread = 'Exception in thread "pool-2-thread-9" java.lang.OutOfMemoryError: Java heap space';
const noFiles = ['2026-11-20 10:14:10 ERROR a.b.Acceptor - accept failed', 'java.io.IOException: Too many open files'];

describe('trouble that the log of a ready pod tells seldom, and nothing else after it', () => {
  it.each([
    [
      'each time with a request that fails',
      [...served, full(1), access('/nests', 500), full(2), access('/nests', 500)],
      'disk_full',
    ],
    ['in each run of a job', runs(untrusted), 'tls_certificate_expired'],
    [
      'with a count of tries that goes on from before',
      [...served, refused(', attempt 16/100'), refused(', attempt 17/100')],
      'dependency_unreachable',
    ],
    [
      'with a count of tries in a line of its own',
      [
        refused(''),
        'Trying again in 32.00 seconds... (16/100)',
        refused(''),
        'Trying again in 32.00 seconds... (17/100)',
      ],
      'dependency_unreachable',
    ],
    ['as threads that end', [...served, thread, thread.replace('9', '4')], 'log_error_signature'],
    ['as hardly anything but one error', [...noFiles, ...noFiles], 'log_error_signature'],
    [
      'as a part that ends, with what comes of it',
      [
        ...served,
        "thread 'worker' panicked at src/count.rs:118:41:",
        'called `Result::unwrap()` on an `Err` value: Decode(UnexpectedEof)',
        at(6, 'ERROR count: counter died; nothing is counted until restart'),
      ],
      'log_error_signature',
    ],
    [
      'as a full disk, with what comes of it',
      [
        ...served,
        at(6, 'ERROR write to /data/eggs failed: No space left on device'),
        at(6, 'WARN eggs are read-only from now on'),
      ],
      'disk_full',
    ],
  ])('is the fault: %s', (_, lines, category) => {
    expect(inShort(beside(...lines))).toBe(`${category} Deployment moor/grouse`);
  });

  it('quotes what ended before what came of it', () => {
    const found = beside(
      "thread 'worker' panicked at src/count.rs:118:41:",
      'called `Result::unwrap()` on an `Err` value: Decode(UnexpectedEof)',
      at(6, 'ERROR count: counter died'),
      ...[7, 8].map((minute) => at(minute, `ERROR lag: ${minute}000 eggs and growing`)),
    );
    expect(found.root_cause.description).toContain('Decode(UnexpectedEof)');
  });

  it.each([
    ['a disk that was full once, and requests that went well', [full(1), access('/nests', 500), ...served, ...served]],
    ['runs that failed long before they went well', [...runs(untrusted), ...served, ...served]],
    [
      'a peer that was away for two tries',
      [refused(', attempt 1/100'), refused(', attempt 2/100'), at(6, 'INFO connected to eggs.moor.svc'), ...served],
    ],
    ['a thread that ended long before', [thread, ...served, ...served, ...served]],
  ])('is none where it is %s', (_, lines) => {
    expect(beside(...lines).category).toBe('no_incident');
  });

  it.each([
    ['a peer that is away twice, after work that went well', [...served, refused(''), refused('')]],
    [
      'a file that was not written, while requests go well',
      [full(1), access('/nests', 200), full(2), access('/nests', 200)],
    ],
    [
      'a peer that is away, while tries go well',
      [refused(''), at(6, 'INFO attempt 4 succeeded'), refused(''), at(7, 'INFO attempt 5 succeeded')],
    ],
    ['two errors that have nothing in common', ['error: colour 7 is unknown', 'panic averted in the tax engine']],
    ['a key that is there twice', [at(1, 'ERROR: duplicate key value violates unique constraint "eggs"'), ...served]],
  ])('is no sure fault where it is %s', (_, lines) => {
    expect(['unknown', 'no_incident']).toContain(beside(...lines).category);
  });
});
