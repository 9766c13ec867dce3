import { describe, expect, it } from '@jest/globals';
import { inShort, pasted } from '../../test/pasted.ts';

const rows = 'NAMESPACE   NAME                    READY   STATUS    RESTARTS   AGE\n';
const row = 'moor        grouse-6f7d8c9b5-2k4lm  1/1     Running   0          3d\n';
const beside = (...lines: string[]) =>
  pasted({ 'pods.txt': rows + row, 'moor_grouse-6f7d8c9b5-2k4lm_grouse.log': `${lines.join('\n')}\n` });
const often = (times: number, line: (at: number) => string) => Array.from({ length: times }, (_, at) => line(at));
const second = (at: number) => `2026-11-20T10:14:${String(at).padStart(2, '0')}Z`;
const access = (at: number, path: string, status: number) =>
  `10.0.0.${at} - - [20/Nov/2026:10:14:${String(at).padStart(2, '0')} +0000] "GET ${path} HTTP/1.1" ${status} 157 "-" "curl/8"`;

describe('a row that counts a pod as ready, beside its log', () => {
  it.each([
    [
      'answers every request with an error of a server',
      often(12, (at) => access(at, '/nests', 502)),
      'log_error_signature',
    ],
    [
      'answers them so, and well whoever asks whether it lives',
      often(24, (at) => (at % 2 === 0 ? access(at, '/healthz', 200) : access(at, '/nests', 500))),
      'log_error_signature',
    ],
    [
      'tells so as information',
      often(8, (at) => `{"level":"info","ts":"${second(at)}","msg":"request","path":"/nests","status":503}`),
      'log_error_signature',
    ],
  ])('is no all-clear where it %s', (_, lines, category) => {
    const found = beside(...lines);
    expect(inShort(found)).toBe(`${category} Deployment moor/grouse`);
    expect(found.evidence.map(({ quote }) => quote).join('\n')).toContain(lines.at(-1)?.slice(0, 30));
  });

  it.each([
    [
      'ends with a panic',
      [`${second(1)} INFO 12 eggs counted`, 'panic: nest is nil', '', 'goroutine 1 [running]:'],
      'nest is nil',
    ],
    [
      'ends with what nobody caught',
      [
        `${second(1)} INFO 12 eggs counted`,
        'Traceback (most recent call last):',
        '  File "/app/owl.py", line 3, in <module>',
        'ValueError: no eggs',
      ],
      'no eggs',
    ],
    [
      'ends with a panic and its frames',
      [
        `${second(1)} INFO 12 eggs counted`,
        'panic: runtime error: nest is nil',
        '[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x1]',
        '',
        'goroutine 1 [running]:',
        'main.(*nest).count(0x0)',
        '\t/src/nest.go:12 +0x1d',
        'main.main()',
        '\t/src/main.go:3 +0x1d',
      ],
      'nest is nil',
    ],
    [
      'ends with a module that is not there',
      [
        'node:internal/modules/cjs/loader:1210',
        '  throw err;',
        '  ^',
        '',
        "Error: Cannot find module './nests.js'",
        'Require stack:',
        '- /app/main.js',
        '    at Module.load (node:internal/modules/cjs/loader:1266:32) {',
        "  code: 'MODULE_NOT_FOUND'",
        '}',
        '',
        'Node.js v22.1.0',
      ],
      './nests.js',
    ],
    [
      'ends with a script that is wrong',
      [
        '+ set -e',
        '+ count eggs',
        "/nests.sh: line 41: syntax error near unexpected token `done'",
        "/nests.sh: line 41: `done'",
      ],
      'line 41',
    ],
    ['has nothing but a command that is not there', ['sh: exec: line 0: grouse-server: not found'], 'grouse-server'],
    ['warns of nothing else, twice', [`${second(1)} WARN slow sync`, `${second(2)} WARN slow sync`], 'slow sync'],
    [
      'complains and soon says no more',
      ['dd: error writing: No space left on device', '9+0 records in', '8+0 records out', 'done'],
      'No space left',
    ],
    ['says nothing else', ['Error: context deadline exceeded'], 'context deadline exceeded'],
    [
      'warns of nothing but one thing',
      often(12, (at) => `[${10 * at}.001s][warning][gc] Pause Full (Ergonomics) 1020M->1018M(1024M) 4000.123ms`),
      'Pause Full',
    ],
    ['fails a part of the requests', often(30, (at) => access(at, '/nests', at % 5 === 0 ? 500 : 200)), '" 500 '],
  ])('is no all-clear, and no cause is known, where it %s', (_, lines, words) => {
    const found = beside(...lines);
    expect([inShort(found), found.status]).toEqual(['unknown Deployment moor/grouse', 'abstained']);
    expect(found.evidence.map(({ quote }) => quote).join('\n')).toContain(words);
    expect(found.root_cause.description).toContain(words);
  });

  const served = often(8, (at) => `${second(at + 20)} INFO GET /nests 200 12ms`);
  it.each([
    [
      'warned of little',
      [`${second(1)} WARN option --nest is deprecated`, `${second(2)} WARN cache is cold`, ...served],
    ],
    [
      'got over what failed',
      [
        `${second(1)} ERROR connection to eggs:5432 refused, retrying`,
        `${second(2)} ERROR connection to eggs:5432 refused, retrying`,
        `${second(3)} INFO connected to eggs:5432`,
        ...served,
      ],
    ],
    ['turned away what is not there', often(20, (at) => access(at, '/wp-login.php', 404))],
    ['failed one request of many', often(40, (at) => access(at, '/nests', at === 30 ? 500 : 200))],
    ['failed them until it was warm', often(40, (at) => access(at, '/nests', at < 12 ? 503 : 200))],
    ['erred in a file of settings', [...served, 'config.d: No such file or directory', ...served]],
    [
      'warned of every second request',
      often(20, (at) => `${second(at)} ${at % 2 === 0 ? 'WARN cache miss' : 'INFO served'} ${at}`),
    ],
    [
      'did not find what was asked for',
      ['Booting worker', 'Not Found: /favicon.ico', 'Not Found: /robots.txt', 'Not Found: /wp-login.php'],
    ],
    [
      'counts errors of which there are none',
      often(8, (at) =>
        at % 2 === 0 ? `{"ts":"${second(at)}","msg":"done","error":null,"errors":0}` : 'done err=nil failed=0',
      ),
    ],
    ['erred long before', [...often(3, (at) => `${second(at)} ERROR no egg ${at}`), ...served]],
    ['erred once among all that went well', [...served.slice(4), `${second(30)} ERROR client sent no egg`, ...served]],
  ])('is a sure all-clear where it %s', (_, lines) => {
    const found = beside(...lines);
    expect([found.category, found.confidence > 0.95]).toEqual(['no_incident', true]);
  });
});

describe('an exception in the line below what only tells that something failed', () => {
  const failed = (at: number, ...below: string[]) => [`${second(at)} ERROR a.b.Nests - request failed`, ...below];
  const thrice = (...below: string[]) => [1, 2, 3].flatMap((at) => failed(at, ...below));

  it.each([
    [
      'Java',
      thrice(
        'java.lang.NullPointerException: no egg is there',
        '\tat a.b.Nests.count(Nests.java:44)',
        '\tat a.b.Web.get(Web.java:12)',
      ),
      'java.lang.NullPointerException: no egg is there\n\tat a.b.Nests.count(Nests.java:44)',
    ],
    [
      'Node',
      thrice('TypeError: no egg is there', '    at count (/app/nests.js:44:3)'),
      'TypeError: no egg is there\n    at count (/app/nests.js:44:3)',
    ],
    [
      'Python',
      thrice(
        'Traceback (most recent call last):',
        '  File "/app/web.py", line 12, in get',
        '    return count(nest)',
        '  File "/app/nests.py", line 44, in count',
        '    raise ValueError("no egg is there")',
        'ValueError: no egg is there',
      ),
      '  File "/app/nests.py", line 44, in count\n    raise ValueError("no egg is there")\nValueError: no egg is there',
    ],
  ])('is what is quoted, with its frame: %s', (_, lines, quote) => {
    const found = beside(...lines);
    expect(found.category).toBe('log_error_signature');
    expect(found.root_cause.description).toContain('request failed: ');
    expect(found.root_cause.description).toContain('no egg is there');
    expect(found.evidence.map((one) => one.quote)).toContain(quote);
  });

  it('is what a program that keeps ending says', () => {
    const crashing = row.replace('1/1     Running   0 ', '0/1     CrashLoopBackOff   9 (1m ago)');
    const lines = failed(1, 'java.lang.IllegalStateException: no egg is there', '\tat a.b.Nests.count(Nests.java:44)');
    const found = pasted({
      'pods.txt': rows + crashing,
      'moor_grouse-6f7d8c9b5-2k4lm_grouse.log': `${lines.join('\n')}\n`,
    });
    expect(found.category).toBe('crash_loop_app_error');
    expect(found.root_cause.description).toContain('IllegalStateException: no egg is there');
  });

  it('is not looked for below another line', () => {
    const found = beside(...[1, 2, 3].flatMap((at) => [...failed(at), `${second(at)} INFO GET /nests 200 1ms`]));
    expect(found.root_cause.description).toContain('request failed (3 times)');
  });
});
