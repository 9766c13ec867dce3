import { describe, expect, it } from '@jest/globals';
import { pasted } from '../../test/pasted.ts';

const told = (lines: readonly string[], name = 'app.log'): string => {
  const { category, status } = pasted({ [name]: `${lines.join('\n')}\n` });
  return `${category} ${status}`;
};
const CALM = 'no_incident answered';
const OPEN = 'unknown abstained';

describe('a log that tells of no work', () => {
  it.each([[['hello']], [['x']], [['hello', 'hello']], [['x', 'y', 'z', 'x']], [['hello world']]])(
    'acquits nobody: %s',
    (lines) => {
      expect(told(lines)).toBe(OPEN);
    },
  );

  it.each([
    [['listening on :8080']],
    [['2026-11-20T03:00:00Z woke up']],
    [['INFO warming the cache']],
    [['model is being read', 'model is in memory', 'waiting for jobs']],
    [['10.0.0.1 - - "GET / HTTP/1.1" 200 12']],
  ])('is not one that tells what it does: %s', (lines) => {
    expect(told(lines)).toBe(CALM);
  });
});

describe('pods that are as they should be', () => {
  const header = 'NAME     READY   STATUS    RESTARTS   AGE\n';
  const words = (row: string): string => pasted({ 'pods.txt': `${header}${row}` }).root_cause.description;

  it('are told of where they may still be starting', () => {
    expect(words('loom-0   0/1     Running   0          40s\n')).toContain('Pod default/loom-0 may still be starting');
  });

  it.each(['loom-0   1/1     Running   0          40s\n', 'loom-0   1/1     Terminating   0   40s\n'])(
    'are not where they are up, or go: %s',
    (row) => expect(words(row)).not.toContain('starting'),
  );
});

describe('events of a pod that was late', () => {
  const header = 'LAST SEEN   TYPE      REASON             OBJECT                MESSAGE';
  const event = (age: string, type: string, reason: string, pod: string, message: string): string =>
    `${age}         ${type}   ${reason}   pod/loom-77c5d-${pod}   ${message}`;
  const failed = event('3d2h', 'Warning', 'FailedScheduling', 'k2wq', '0/3 nodes are available: 3 Insufficient cpu.');
  const placed = event('3d2h', 'Normal', 'Scheduled', 'k2wq', 'Successfully assigned mill/loom-77c5d-k2wq to n2');
  const started = event('3d2h', 'Normal', 'Started', 'k2wq', 'Started container loom');

  it('are over where it was placed in the same hour as it waited', () => {
    expect(told([header, failed, placed, started], 'e.txt')).toBe(CALM);
  });

  it('are not where another pod was placed, or nothing says that it was', () => {
    const other = event('3d2h', 'Normal', 'Scheduled', 'zzzz', 'Successfully assigned mill/loom-77c5d-zzzz to n2');
    expect(told([header, failed, other], 'e.txt')).not.toBe(CALM);
    expect(told([header, failed], 'e.txt')).not.toBe(CALM);
  });

  it('are in order where an autoscaler took a node away', () => {
    const down = event('9m', 'Normal', 'ScaleDown', 'zzzz', 'deleting pod for node scale down');
    expect(told([header, down, placed, started], 'e.txt')).toBe(CALM);
  });
});

describe('an access log', () => {
  const request = (path: string, status: number, agent = 'Mozilla/5.0'): string =>
    `10.2.0.1 - - [20/Nov/2026:03:00:01 +0000] "GET ${path} HTTP/1.1" ${status} 153 "-" "${agent}"`;

  it('is calm whatever those write who ask', () => {
    expect(told([request('/docs/OOMKilled', 200), request('/.env', 404, 'CrashLoopBackOff'), request('/', 200)])).toBe(
      CALM,
    );
  });

  it('is not where the program itself writes so', () => {
    expect(told([request('/', 200), 'web-0 was OOMKilled', request('/', 200)])).not.toBe(CALM);
  });
});

describe('what runtimes and servers say on ordinary days', () => {
  it('is nothing: Java of what will be forbidden', () => {
    expect(
      told([
        'WARNING: An illegal reflective access operation has occurred',
        'WARNING: Illegal reflective access by org.a.B (file:/app/lib/a.jar) to field java.lang.String.value',
        'WARNING: Please consider reporting this to the maintainers of org.a.B',
        'WARNING: Use --illegal-access=warn to enable warnings of further illegal reflective access operations',
        'WARNING: All illegal access operations will be denied in a future release',
        '2026-11-20 03:00:04.000  WARN 1 --- [main] o.s.c.l.Conf : Spring Cloud LoadBalancer is currently working with the default cache.',
        '2026-11-20 03:00:05.000  INFO 1 --- [main] c.e.App : Started App in 5.1 seconds',
      ]),
    ).toBe(CALM);
    expect(told(['WARNING: All writes will be denied from now on', '2026-11-20 03:00:05.000 INFO started'])).not.toBe(
      CALM,
    );
  });

  const mysql = (level: string, text: string): string => `2026-11-20T03:00:02.000000Z 0 [${level}] ${text}`;
  it('is nothing: MySQL of its own certificate, and of a client that has gone', () => {
    const ready = mysql('System', '[MY-010931] [Server] /usr/sbin/mysqld: ready for connections. port: 3306');
    const own = mysql('Warning', '[MY-010068] [Server] CA certificate ca.pem is self signed.');
    const gone = mysql(
      'Note',
      "[MY-010914] [Server] Aborted connection 12 to db: 'app' user: 'app' host: '10.0.0.2' (Got an error reading communication packets).",
    );
    expect(told([ready, own, gone])).toBe(CALM);
    expect(told([ready, mysql('ERROR', '[MY-012592] [InnoDB] Operating system error number 28')])).not.toBe(CALM);
  });

  const postgres = (clock: string, text: string): string => `2026-11-20 ${clock}.000 UTC [55] ${text}`;
  const query = [
    postgres('03:00:10', 'ERROR:  relation "foo" does not exist at character 15'),
    postgres('03:00:10', 'STATEMENT:  select * from foo'),
  ];
  const up = postgres('03:00:00', 'LOG:  database system is ready to accept connections');
  const written = postgres('03:10:00', 'LOG:  checkpoint complete: wrote 12 buffers (0.1%)');
  it('is nothing: Postgres of one query that was mistyped, and not of many', () => {
    expect(told([up, ...query, written])).toBe(CALM);
    expect(told([up, ...query, ...query, ...query, ...query, written])).not.toBe(CALM);
  });

  it('is nothing: Postgres of a stop that was asked for, once it is up again', () => {
    const stop = [
      postgres('02:59:57', 'LOG:  received fast shutdown request'),
      postgres('02:59:58', 'FATAL:  terminating connection due to administrator command'),
      postgres('02:59:59', 'LOG:  database system is shut down'),
    ];
    expect(told([...stop, up, written])).toBe(CALM);
    expect(told([...stop, up, postgres('03:00:01', 'FATAL:  could not write lock file: Input/output error')])).not.toBe(
      CALM,
    );
    const crash = [postgres('02:59:57', 'PANIC:  could not locate a valid checkpoint record'), up, written];
    expect(told(crash)).not.toBe(CALM);
  });
});

describe('an error that tells of what a client did', () => {
  const line = (second: number, level: string, msg: string, status: number): string =>
    JSON.stringify({ time: `2026-11-20T03:00:0${second}Z`, level, msg, order: second, status });
  const placed = [1, 2, 3].map((second) => line(second, 'info', 'order placed', 200));

  it('is nothing alone among work that goes well', () => {
    expect(told([line(0, 'error', 'payment declined by issuer', 402), ...placed])).toBe(CALM);
  });

  it('is something where it failed the server, goes on, or is all that there is', () => {
    expect(told([line(0, 'error', 'payment declined by issuer', 500), ...placed])).not.toBe(CALM);
    expect(told([...placed, ...[4, 5, 6].map((at) => line(at, 'error', 'payment declined by issuer', 402))])).not.toBe(
      CALM,
    );
    expect(told([line(4, 'error', 'payment declined by issuer', 402)])).not.toBe(CALM);
    expect(told([line(0, 'error', 'token of payments was refused', 401), ...placed])).not.toBe(CALM);
  });
});
