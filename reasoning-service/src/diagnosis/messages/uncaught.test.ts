import { describe, expect, it } from '@jest/globals';
import { statementsOf } from './log-line.ts';
import { lastUncaught } from './uncaught.ts';

const end = (...lines: string[]) => lastUncaught(statementsOf(lines))?.line;

describe('how a program tells that it ended of what it did not catch', () => {
  it('is a panic of Go, whatever its frames were given and whoever started it', () => {
    const panic = 'panic: runtime error: invalid memory address or nil pointer dereference';
    const frames = [
      '[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x7f2a1b]',
      '',
      'goroutine 41 [running]:',
      'main.(*Hen).Find(0x0, {0xc0001a2000, 0x24})',
      '\t/src/hen.go:57 +0x3b',
      'main.handle({0x9a7c20, 0xc0000f00e0}, 0xc000116100)',
      '\t/src/http.go:101 +0x1a5',
    ];
    expect(end('level=info msg=listening', panic, ...frames, 'exit status 2')).toBe(panic);
    expect(end(panic, ...frames, 'level=info msg=listening')).toBeUndefined();
  });

  it.each([
    ['Exception in thread "main" java.lang.RuntimeException: cannot count', 'Caused by: java.lang.Exception: no eggs'],
    [
      'PHP Fatal error:  Uncaught TypeError: no eggs in /app/hen.php:12',
      'Stack trace:',
      '#0 {main}',
      '  thrown in /app',
    ],
    ['PHP Fatal error:  Call to undefined function eggs() in /app/hen.php on line 12'],
    ['PHP Parse error:  syntax error, unexpected token "}" in /app/hen.php on line 12'],
    ['[UnhandledPromiseRejection: The promise rejected with the reason "eggs".] {', '', 'Node.js v18.19.0'],
    ['Can\'t locate object method "lay" via package "Hen" at /app/hen.pl line 12.'],
    ['Can\'t call method "lay" on an undefined value at /app/hen.pl line 12, <STDIN> line 3.'],
    ['libc++abi: terminating due to uncaught exception of type std::runtime_error: no eggs'],
    [
      '# A fatal error has been detected by the Java Runtime Environment:',
      '#',
      '#  SIGSEGV (0xb) at pc=0x00007f, pid=1',
    ],
    ["lua: hen.lua:12: attempt to index a nil value (global 'nest')", 'stack traceback:', '\t[C]: in ?'],
    ["mkdir: cannot create directory '/nest/eggs': Permission denied"],
    ["chown: changing ownership of '/nest': Operation not permitted"],
    ['2026/11/20 03:00:00 [emerg] 1#1: unknown directive "lay" in /etc/nginx/nginx.conf:12'],
    [
      '*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***',
      'Reading the configuration file, at line 12',
      ">>> 'lay eggs'",
      'Bad directive',
    ],
    ['AH00526: Syntax error on line 12 of /etc/httpd.conf:', "Invalid command 'Lay', perhaps misspelled"],
    [
      '2026-11-20 03:00:00.000 UTC [1] FATAL:  data directory "/nest" has invalid permissions',
      '2026-11-20 03:00:00.000 UTC [1] DETAIL:  Permissions should be u=rwx (0700).',
    ],
  ])('begins with: %s', (...lines) => expect(end('counting', ...lines)).toBe(lines[0]));

  it('is what Bun and Spring name before', () => {
    const raised = 'TypeError: undefined is not an object';
    expect(end('12 | eggs.size', raised, '      at count (/app/hen.ts:12:6)', '', 'Bun v1.1.0 (Linux x64)')).toBe(
      raised,
    );
    const cause = 'java.lang.IllegalStateException: nest is empty';
    expect(end('10:14:02 ERROR 1 --- [main] o.s.boot.SpringApplication : Application run failed', '', cause)).toBe(
      cause,
    );
    expect(end('10:14:02 ERROR 1 --- [main] com.hen.Hen : egg lost', '', cause)).toBeUndefined();
  });

  it('is the first that a server complained of before it gave up', () => {
    const why = '2026-11-20T03:00:01.000000Z 1 [ERROR] [MY-012574] [InnoDB] Unable to lock ./ibdata1 error: 11';
    const dictionary =
      '2026-11-20T03:00:02.000000Z 0 [ERROR] [MY-010020] [Server] Data Dictionary initialization failed.';
    const start = '2026-11-20T03:00:00.000000Z 0 [System] [MY-010116] [Server] mysqld 8.0.36 starting as process 1';
    expect(end(start, why, dictionary, '2026-11-20T03:00:02.000000Z 0 [ERROR] [MY-010119] [Server] Aborting')).toBe(
      why,
    );
    expect(end(start, why, dictionary)).toBeUndefined();
  });

  it.each([
    [
      'NOTICE: PHP message: PHP Fatal error:  Uncaught TypeError: no eggs in /app/hen.php:12',
      'Stack trace:',
      '#0 {main}',
    ],
    ['2026/11/20 03:02:14 http: panic serving 10.0.0.3:4242: no eggs', 'goroutine 41 [running]:', 'GET /eggs 200'],
    ['[emerg] 1#1: unknown directive "lay"', '10.2.0.1 - - [20/Nov/2026:03:00:01 +0000] "GET / HTTP/1.1" 200 5123'],
    ['Use of uninitialized value $egg in addition (+) at /app/hen.pl line 12.'],
    ["rm: cannot remove '/tmp/nest': Permission denied"],
    ['(node:7) UnhandledPromiseRejectionWarning: no eggs'],
  ])('is not told where only a request ended, or nothing: %s', (...lines) => expect(end(...lines)).toBeUndefined());
});
