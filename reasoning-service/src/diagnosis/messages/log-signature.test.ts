import { describe, expect, it } from '@jest/globals';
import { isComplaint, statementsOf } from './log-line.ts';
import { firstCause, firstComplaint } from './log-signature.ts';

const cause = (...lines: string[]) => firstCause(statementsOf(lines));

describe('statements of a log', () => {
  it('folds stack frames and keeps nested causes', () => {
    const told = statementsOf([
      'ERROR boom',
      '\tat a.B.c(B.java:1)',
      '    ... 12 more',
      'Caused by: java.net.UnknownHostException: db',
    ]);
    expect(told.map(({ line }) => line)).toEqual(['ERROR boom', 'Caused by: java.net.UnknownHostException: db']);
  });
  it('takes the answer of a kubelet that has no log for no log', () => {
    expect(statementsOf(['unable to retrieve container logs for containerd://1d4ea43418b9'])).toEqual([]);
  });
  it.each([
    ['{"level":50,"msg":"x"}', 'error'],
    ['time=now level=warn msg=x', 'warn'],
    ['2025-01-01 INFO error count is 0', 'info'],
    ['E0101 00:00:00.0 1 main.go:1] x', 'error'],
    ['hello', 'none'],
    ['ERROR no nest at level: high', 'error'],
    ['INFO set log_level=error', 'info'],
    ['{"time":"now","log.level":"WARN","msg":"x"}', 'warn'],
    ['{"message":"x","level":250,"level_name":"NOTICE"}', 'info'],
  ])('reads the level of %s', (line, level) => expect(statementsOf([line])[0]?.level).toBe(level));
  it('hears a complaint by level or by words', () => {
    expect(statementsOf(['panic: x', 'INFO failed 0', 'ready']).map(isComplaint)).toEqual([true, false, false]);
  });
});

describe('causes in a log', () => {
  it.each([
    ['missing_env_var', 'Error: Missing required environment variable: DATABASE_URL', 'DATABASE_URL'],
    ['missing_env_var', './run.sh: line 3: API_KEY: unbound variable', 'API_KEY'],
    ['dns_failure', 'dial tcp: lookup db on 10.0.0.10:53: no such host', 'db'],
    ['dns_failure', 'Error: getaddrinfo ENOTFOUND queue.local', 'queue.local'],
    ['dependency_unreachable', 'dial tcp 10.0.0.7:5432: connect: connection refused', '10.0.0.7:5432'],
    ['dependency_unreachable', 'Error: connect ECONNREFUSED 10.0.0.7:6379', '10.0.0.7:6379'],
    [
      'dependency_unreachable',
      '%3|1.0|FAIL|rdkafka#producer-1| [thrd:kafka-0.kafka:9092/bootstrap]: kafka-0.kafka:9092/bootstrap: Connect to ipv4#10.1.2.3:9092 failed: Connection refused',
      'kafka-0.kafka:9092',
    ],
    ['dependency_unreachable', 'Connect to ipv4#10.1.2.3:9092 failed: Connection refused', '10.1.2.3:9092'],
    [
      'dependency_unreachable',
      'could not connect to postgres at cart-db.shop.svc.cluster.local:5432: dial tcp 10.96.3.3:5432: connect: connection refused',
      'cart-db.shop.svc.cluster.local:5432',
    ],
    [
      'rbac_forbidden',
      'pods is forbidden: User "system:serviceaccount:a:b" cannot list resource "pods"',
      'system:serviceaccount:a:b',
    ],
    ['disk_full', 'write /data/x: no space left on device', ''],
    ['tls_certificate_expired', 'Error: client error (Connect): invalid peer certificate: NotValidYet', ''],
    ['tls_certificate_expired', 'reqwest::Error { source: Error { kind: InvalidCertificate(Expired) } }', ''],
    [
      'tls_certificate_expired',
      'invalid peer certificate: certificate expired: verification time 1767322000 (UNIX)',
      '',
    ],
    ['dependency_unreachable', 'psycopg2.OperationalError: FATAL:  sorry, too many clients already', ''],
    ['tls_certificate_expired', 'x509: certificate has expired or is not yet valid', ''],
    ['slow_dependency_db', 'canceling statement due to statement timeout', ''],
    ['message_broker_partition', 'mnesia_event got {inconsistent_database, running_partitioned_network, r@b}', ''],
  ])('%s: %s', (category, line, target) => expect(cause(line)).toMatchObject({ category, target }));

  it.each([
    ['os.environ["API_KEY"]', 'missing_env_var'],
    ['key = settings["API_KEY"]', 'missing_env_var'],
    ['price = tariffs[row["plan"]]["API_KEY"]', undefined],
  ])('takes the key of %s for %s', (source, category) => {
    const trace = [
      'Traceback (most recent call last):',
      '  File "/app/main.py", line 12, in <module>',
      `    ${source}`,
    ];
    const raised = '  File "/app/lib/frame.py", line 4102, in __getitem__';
    expect(cause(...trace, raised, "KeyError: 'API_KEY'")?.category).toBe(category);
    expect(cause(...trace, 'bye', "KeyError: 'API_KEY'")).toBeUndefined();
  });

  it('takes the first grave cause, not the warning before it nor the echo after it', () => {
    expect(
      cause(
        'WARN cache: connection refused, continuing without cache',
        'ERROR write: no space left on device',
        'ERROR connection refused',
      )?.category,
    ).toBe('disk_full');
  });
  it('takes a warning when nothing graver follows', () => {
    expect(cause('WARN db: connection refused', 'INFO bye')?.category).toBe('dependency_unreachable');
    expect(cause('WARN db: connection refused', 'FATAL bad flag')).toBeUndefined();
  });
  it.each([
    [
      'goes on in the next line',
      'WARN could not reach telemetry:4317: connection refused',
      'INFO continuing without telemetry',
    ],
    [
      'serves afterwards',
      'WARN exporter: dial tcp 10.0.0.9:4317: connect: connection refused',
      'INFO listening on :8080',
    ],
    [
      'says nothing more of it',
      'W0101 00:00:00.0 1 cache.go:10] no space left on device for /cache',
      'I0101 00:00:01.0 1 main.go:2] hi',
    ],
  ])('leaves a warning after which the program %s to the error that ends it', (_, warning, between) => {
    expect(cause(warning, between, 'ERROR licence of tenant acme is not valid', 'INFO bye')).toBeUndefined();
    expect(cause(warning, between, 'panic: index out of range')).toBeUndefined();
    expect(cause(warning, between, 'ERROR x509: certificate has expired', 'ERROR gone')?.category).toBe(
      'tls_certificate_expired',
    );
  });
  it('takes a warning for the cause of an error that follows from it', () => {
    const warning = 'WARN redis: connection refused, retrying';
    expect(cause(warning, warning, 'ERROR giving up after 5 attempts')?.category).toBe('dependency_unreachable');
    expect(cause(warning, 'ERROR cannot start without redis')?.category).toBe('dependency_unreachable');
    expect(
      cause(
        'W0101 00:00:00.0 1 r.go:5] *v1.Pod: x509: certificate expired',
        'E0101 00:00:00.0 1 r.go:6] Failed to watch *v1.Pod',
      )?.category,
    ).toBe('tls_certificate_expired');
    expect(cause(warning, 'ERROR application startup failed', 'INFO bye')?.category).toBe('dependency_unreachable');
  });
  it('takes of two warnings the one that the error follows from', () => {
    expect(
      cause('WARN exporter 10.0.0.9:4317: connection refused', 'WARN lookup db: no such host', 'ERROR db client closed')
        ?.category,
    ).toBe('dns_failure');
  });
  it('does not take the logger and what every line has for a link between a warning and an error', () => {
    expect(
      cause(
        '2026-11-10 09:00:00.123  WARN 1 --- [main] com.acme.Start : getaddrinfo ENOTFOUND consul.local',
        '2026-11-10 09:00:09.123 ERROR 1 --- [main] com.acme.Start : invalid cron expression in job cleanup',
      ),
    ).toBeUndefined();
  });
  it('names no cause where every warning was survived', () => {
    expect(cause('WARN cache: connection refused', 'INFO continuing without cache', 'INFO bye')).toBeUndefined();
    expect(cause('WARN call timed out: connection refused, succeeded on retry', 'INFO bye')).toBeUndefined();
  });
  it('learns the address from the echo of an error that names none', () => {
    expect(cause('ERROR cache: connection refused', 'Error: connect ECONNREFUSED 10.0.0.7:6379')).toMatchObject({
      target: '10.0.0.7:6379',
      statement: { text: 'ERROR cache: connection refused' },
    });
  });
  it('names no cause for what is inside the program', () => {
    expect(cause('duplicate key value violates unique constraint "x"')).toBeUndefined();
  });
});

describe('a statement and what is indented below it', () => {
  it.each([
    [
      'the console logger of .NET',
      'dns_failure',
      '      System.Net.Sockets.SocketException (11): Name or service not known',
      'fail: Nest.Boot[0]',
      '      Could not greet the owl',
      '      System.Net.Sockets.SocketException (11): Name or service not known',
      '         at System.Net.Dns.Ask(String name)',
      'crit: Nest.Host[10]',
      '      The host is stopping.',
    ],
    [
      'an exception behind a tab',
      'disk_full',
      '\tjava.io.IOException: No space left on device',
      '01-Mar-2026 07:15:02.118 SEVERE [main] o.a.Host.deploy Error deploying [/nest.war]',
      '\tjava.io.IOException: No space left on device',
      '\t\tat java.base/java.io.FileOutputStream.writeBytes(Native Method)',
    ],
    [
      'a printed error',
      'dependency_unreachable',
      '      "message": "connect ECONNREFUSED 10.4.0.2:6379"',
      '[07:15:02.118] ERROR (1): no nest',
      '    err: {',
      '      "message": "connect ECONNREFUSED 10.4.0.2:6379"',
      '      "stack":',
      '          Error: connect ECONNREFUSED 10.4.0.2:6379',
      '    }',
    ],
    [
      'a block',
      'disk_full',
      '    write /nest/eggs: no space left on device',
      'time=now level=ERROR msg="no nest"',
      '  error: |',
      '    write /nest/eggs: no space left on device',
    ],
    [
      'what a runtime prints below the frames',
      'dependency_unreachable',
      "  code: 'ECONNREFUSED'",
      'Error: the owl is away',
      '    at call (/app/owl.js:3:1) {',
      "  code: 'ECONNREFUSED'",
      '}',
    ],
  ])('names the cause that stands in %s', (_, category, quote, ...lines) =>
    expect(cause(...lines)).toMatchObject({ category, quote }),
  );
  it.each([
    [
      'the source under a frame',
      'Traceback (most recent call last):',
      '  File "/app/owl.py", line 3, in <module>',
      '    raise Hoot("connection refused")',
      'Hoot: at night',
    ],
    [
      'the source under a place',
      '/app/owl.js:3',
      '    throw new Hoot("connection refused")',
      '          ^',
      'Hoot: no',
    ],
    ['a line that says that all is well', 'INFO asked', '    connection refused: 0', 'ERROR no nest'],
    ['a list of settings', 'Nest:', '  onError: fail', '  refused_connections: 0', '  error: "connection_refused"'],
    ['a manual', 'Error: unknown flag: --owl', 'Flags:', '  --wait   go on when the connection is refused'],
  ])('does not take %s for one', (_, ...lines) => expect(cause(...lines)).toBeUndefined());
  it('does not hear a complaint in a list of settings', () => {
    expect(statementsOf(['Nest:', '  errors: 0', '  owls ... ok, none failed']).some(isComplaint)).toBe(false);
    expect(statementsOf(['Nest:', '  owls.AwayException: hoot']).some(isComplaint)).toBe(true);
  });
  it('keeps what only says where, and the brackets around it, out of the words', () => {
    const [only, ...more] = statementsOf([
      'ERROR no nest: {',
      "  owl: 'away'",
      '    at call (/app/owl.js:3:1)',
      '    /app/owl.go:12 +0x1d',
      '   4: owl::hoot',
      '}',
    ]);
    expect(only?.text).toBe("ERROR no nest: { owl: 'away'");
    expect(more).toEqual([]);
  });
});

describe('a line of JSON', () => {
  it.each([
    ['{"s":"E","msg":"Error asking","attr":{"error":"Connection refused","host":"owl-1.nest:27017"}}', 'error'],
    ['{"message":"no nest","context":{"exception":{"message":"Connection refused"}},"level":400}', 'error'],
    ['{"level_name":"CRITICAL","message":"no nest","extra":[{"why":["Connection refused"]}]}', 'fatal'],
  ])('is searched for a cause in all of its texts: %s', (line, level) => {
    expect(cause(line)?.category).toBe('dependency_unreachable');
    expect(statementsOf([line])[0]?.level).toBe(level);
  });
  it.each([
    '{"level":"info","msg":"nest is warm","was":{"error":"connection refused by the wind"}}',
    '{"level":"error","msg":"no nest","request":{"path":"/?q=connection refused","agent":"connection refused"}}',
    `{"level":"error","msg":"no nest","a":${'{"a":'.repeat(9)}"connection refused by the wind"${'}'.repeat(9)}}`,
  ])('is not taken at the word of others, of a good day, or of its depths: %s', (line) =>
    expect(cause(line)).toBeUndefined(),
  );
});

describe('the address that a cause names', () => {
  it.each([
    ['ERROR could not connect to amqp://owl:**@rabbit.nest:5672: connection refused', 'amqp://rabbit.nest:5672'],
    ["ERROR connect to redis-0.nest:6379. failed, it isn't there", 'redis-0.nest:6379'],
    ["PrismaError: Can't reach database server at `pg.nest:5432`", 'pg.nest:5432'],
    ["ERROR Couldn't resolve server owl.nest:9092 from hosts as DNS resolution failed for owl.nest", 'owl.nest'],
    ['ConfigException: No resolvable bootstrap urls given', ''],
  ])('is that of the server alone: %s', (line, target) => expect(cause(line)?.target).toBe(target));
});

describe('a cause in words', () => {
  it('has the words that name it, however far back they stand', () => {
    const found = cause(`ERROR nest of ${'twigs '.repeat(40)}`, '  asked owl-0.nest:6379', '  Connection refused');
    expect(found?.said).toMatch(/^ERROR nest .{60,80} … owl-0\.nest:6379 Connection refused$/);
    expect(found?.description).toBe('owl-0.nest:6379 does not answer');
  });
  it('takes no article and no place of the source for a host', () => {
    expect(cause('ERROR not possible to connect to the owl server(s): failed')?.description).toBe(
      'a dependency does not answer',
    );
    expect(cause('ERROR Owl.java:17 at 07:15:02 Connection refused')?.description).toBe('a dependency does not answer');
  });
  it('is quoted with the line of what it names', () => {
    expect(cause('Invalid environment variables: {', "  OWL_URL: [ 'Required' ],")?.quote).toContain('OWL_URL');
  });
});

describe('a complaint whose line says nothing', () => {
  it('is told by the first sentence of its report', () => {
    const report = ['2026-03-01 07:15:02 ERROR 1 --- [main] o.s.b.d.Reporter   : ', '', '***', 'NO START', '***', ''];
    const lines = [...report, 'Description:', '', 'Failed to build a nest: twigs are away', ''];
    expect(firstComplaint(statementsOf(lines))).toMatchObject({
      text: expect.stringContaining('twigs'),
      level: 'error',
    });
  });
});

describe('what a database server says of itself', () => {
  it.each([
    '2026-03-01 07:15:02.118 CET [88] FATAL:  sorry, too many clients already',
    '2026-03-01 07:15:02.118 CET [88] app@orders FATAL:  remaining connection slots are reserved for superusers',
    '2026-03-01T07:15:02.118203Z 41 [Warning] [MY-010055] [Server] Too many connections',
  ])('is no dependency that fails: %s', (line) => expect(cause(line)).toBeUndefined());
  it.each([
    '2026-03-01 07:15:02.118 CET [88] FATAL:  could not connect to the primary server: connection to server at "pg-0" (10.4.0.2), port 5432 failed: Connection refused',
    '2026-03-01 07:15:02,118 [88] ERROR orders.db FATAL:  sorry, too many clients already',
  ])('may be a server that it calls, as may what a client repeats: %s', (line) =>
    expect(cause(line)?.category).toBe('dependency_unreachable'),
  );
});

describe('reports and wrappers around what a program says', () => {
  const reported = (reason: string) => cause('APPLICATION FAILED TO START', 'Description:', `    Reason: ${reason}`);
  it('are read for the reason that they give', () => {
    const found = reported("java.lang.IllegalArgumentException: Could not resolve placeholder 'LEDGER_TOKEN' in value");
    expect([found?.category, found?.target]).toEqual(['missing_env_var', 'LEDGER_TOKEN']);
    expect(reported('failed to convert java.lang.String to int')).toBeUndefined();
    expect(cause('INFO 3 of 4 rows read', "    Detail: Could not resolve placeholder 'LEDGER_TOKEN'")).toBeUndefined();
  });
  const fpm = (said: string) => `[02-Mar-2026 07:15:02] WARNING: [pool web] child 9 said into stderr: "${said}"`;
  it('are as grave as what the program says', () => {
    const levels = statementsOf([
      fpm('NOTICE: PHP message: PHP Fatal error:  Uncaught RedisException: boom'),
      fpm('INFO cache is warm'),
      '[02-Mar-2026 07:15:02] WARNING: [pool web] server reached pm.max_children setting (5), consider raising it',
    ]).map(({ level }) => level);
    expect(levels).toEqual(['error', 'info', 'warn']);
    expect(
      cause(
        fpm('PHP Fatal error:  php_network_getaddresses: getaddrinfo for ledger failed: Name or service not known'),
      ),
    ).toEqual(expect.objectContaining({ category: 'dns_failure' }));
  });
});
