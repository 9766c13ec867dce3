import { describe, expect, it } from '@jest/globals';
import { pasted } from '../../test/pasted.ts';

const categoryOf = (...lines: string[]) => pasted({ 'lone.log': `${lines.join('\n')}\n` }).category;

describe('a log of which nothing tells whose it is', () => {
  it.each([
    [
      'Ruby',
      'I, [2026-03-01T07:15:02 #1]  INFO -- : booting',
      '/gems/pg/conn.rb:41:in `connect\': FATAL:  password authentication failed for user "owl" (PG::Error)',
      "\tfrom /app/boot.rb:3:in `<main>'",
    ],
    [
      'Java',
      '2026-03-01 07:15:02,118 ERROR [pool-1] c.a.Owl - job failed',
      'java.lang.OutOfMemoryError: Java heap space',
      '\tat c.a.Owl.main(Owl.java:3)',
      'Terminating due to java.lang.OutOfMemoryError: Java heap space',
    ],
    ['Go', '2026-03-01T07:15:02Z INFO booting', 'panic: nest is nil', '', 'goroutine 1 [running]:', 'exit status 2'],
    [
      'Python',
      '2026-03-01 07:15:02 INFO booting',
      'Traceback (most recent call last):',
      '  File "/app/owl.py", line 3, in <module>',
      "ValueError: nest 'b' is empty",
    ],
    [
      'Node',
      '2026-03-01T07:15:02Z INFO booting',
      '/app/owl.js:3',
      'Uncaught TypeError: nest is null',
      '    at main (/app/owl.js:3:1)',
      'Node.js v22.1.0',
    ],
    [
      'Node, started by npm',
      '2026-03-01T07:15:02Z INFO booting',
      'OwlServerError: the nest is taken.',
      '    at nest (/app/node_modules/owl/nest.js:3:1) {',
      '  code: 18',
      '}',
      'Node.js v22.1.0',
      'npm ERR! Lifecycle script `start` failed with error:',
      'npm ERR! code 1',
    ],
    [
      'Rust',
      '2026-03-01T07:15:02Z  INFO owl: booting',
      "thread 'main' panicked at src/nest.rs:118:37:",
      'called `Option::unwrap()` on a `None` value',
      'note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace',
    ],
    [
      'Rust, with its frames',
      "thread 'main' panicked at src/nest.rs:118:37:",
      'the nest is empty',
      'stack backtrace:',
      '   0: rust_begin_unwind',
      '             at /rustc/3f5fd8dd/library/std/src/panicking.rs:662:5',
      '   1: owl::main',
      'note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.',
    ],
    [
      'C++',
      "terminate called after throwing an instance of 'std::out_of_range'",
      '  what():  vector::at',
      'Aborted (core dumped)',
    ],
    ['Elixir', '07:15:02.118 [info] booting', '** (RuntimeError) the nest is empty', '    owl.exs:3: (file)'],
    ['Swift', 'booting', 'Owl/Nest.swift:3: Fatal error: Unexpectedly found nil while unwrapping an Optional value'],
    [
      'Haskell',
      'booting',
      'owl: Prelude.head: empty list',
      'CallStack (from HasCallStack):',
      '  error, called at owl.hs:3:9 in main:Main',
    ],
    ['CoreDNS', '[INFO] plugin/reload: Running configuration', '[FATAL] plugin/owl: nest taken by another'],
    [
      'klog',
      'I0301 07:15:01.118000       1 main.go:3] booting',
      'F0301 07:15:02.118000       1 main.go:9] the nest is taken',
    ],
    ['zap', '{"level":"info","msg":"booting"}', '{"level":"fatal","msg":"the nest is taken"}'],
    [
      'logrus',
      'time="2026-03-01T07:15:02Z" level=info msg=booting',
      'time="2026-03-01T07:15:03Z" level=fatal msg="the nest is taken"',
    ],
  ])('tells that a program of %s ended by itself', (_, ...lines) =>
    expect(categoryOf(...lines)).toBe('crash_loop_app_error'),
  );

  it.each([
    [
      'went on',
      '2026-03-01T07:15:02Z ERROR Uncaught TypeError: nest is null',
      '2026-03-01T07:15:03Z INFO GET of a nest served',
      '2026-03-01T07:15:04Z INFO GET of a nest served',
    ],
    ['only complained', '2026-03-01T07:15:02Z INFO booting', '2026-03-01T07:15:03Z ERROR could not read nest b'],
    [
      'turned a session away',
      '2026-03-01 07:15:02.120 UTC [1] LOG:  database system is ready to accept connections',
      '2026-03-01 07:15:03.120 UTC [22] owl@eggs FATAL:  role "owl" may not log in',
    ],
    [
      'spoke of ends',
      '2026-03-01T07:15:02Z INFO booting',
      '2026-03-01T07:15:03Z INFO Unhandled exception counter is 0',
    ],
  ])('tells of no end where the program %s', (_, ...lines) =>
    expect(categoryOf(...lines)).not.toBe('crash_loop_app_error'),
  );

  const etcd = (caller: string, message: string) =>
    JSON.stringify({ level: 'warn', ts: '2026-03-01T07:15:02.118Z', caller, msg: message, took: '2.4s' });
  const channel = (address: string) =>
    `W0301 07:15:02.118000       1 logging.go:59] [core] [Channel #7] grpc: addrConn.createTransport failed to connect to {Addr: "${address}"}. Err: connection error: desc = "transport: Error while dialing: dial tcp ${address}: connect: connection refused"`;

  it('is that of a control plane whose voice it is', () => {
    const slow = etcd('etcdserver/util.go:170', 'apply request took too long');
    expect(categoryOf(slow, etcd('wal/wal.go:805', 'slow fdatasync'), slow)).toBe('api_server_slow');
    expect(categoryOf('I0301 07:15:01.118000       1 trace.go:236] Trace[7]: "List"', channel('127.0.0.1:2379'))).toBe(
      'control_plane_unhealthy',
    );
  });
  it('is not where another program says as much', () => {
    const owl = etcd('owl/feed.go:17', 'apply request took too long');
    expect(categoryOf(owl, owl, owl)).not.toBe('api_server_slow');
    expect(categoryOf(channel('10.4.0.9:2379'), channel('10.4.0.9:2379'))).not.toBe('control_plane_unhealthy');
  });

  const conflict =
    'E0301 07:15:02.118000       1 controller.go:329] "Reconciler error" err="Operation cannot be fulfilled on owls \\"a\\": the object has been modified; please apply your changes to the latest version and try again"';
  const calm = 'I0301 07:15:03.118000       1 controller.go:201] "reconciled" owl="a"';
  it.each([
    [
      'a try that failed is followed by one that did not',
      '2026-03-01T07:15:02Z WARN owls-0.owls:9092 not there: connection refused, retrying',
      '2026-03-01T07:15:03Z INFO connected to owls, 3 of them',
    ],
    ['two wrote one object', conflict, calm],
    [
      'a name sounds like trouble',
      '2026-03-01T07:15:02.118Z pid=1 tid=gn1 class=FailedOwlsErrorJob jid=a1 elapsed=0.31 INFO: done',
    ],
  ])('is calm where %s', (_, ...lines) => expect(categoryOf(...lines)).toBe('no_incident'));
  it.each([
    [
      'another is reached than the one that refused',
      '2026-03-01T07:15:02Z WARN owls-0.owls:9092 not there: connection refused, retrying',
      '2026-03-01T07:15:03Z INFO connected to mice, 3 of them',
    ],
    ['it goes on', conflict, conflict, conflict, conflict],
    [
      'the connection was lost',
      '2026-03-01T07:15:02Z WARN owls not there: connection refused',
      '2026-03-01T07:15:03Z INFO disconnected to owls',
    ],
  ])('is not where %s', (_, ...lines) => expect(categoryOf(...lines)).not.toBe('no_incident'));

  it('tells of a broker that lacks replicas, and not of one that asks for them', () => {
    const error =
      '2026-03-01 07:15:02,118 ERROR [ReplicaManager broker=4] Error processing append operation on partition eggs-1';
    const lacking =
      'org.apache.kafka.common.errors.NotEnoughReplicasException: The size of the current ISR : 1 is insufficient to satisfy the min.isr requirement of 2 for partition eggs-1';
    expect(categoryOf(error, lacking)).toBe('message_broker_partition');
    expect(
      categoryOf(
        '2026-03-01 07:15:02,118 INFO min.insync.replicas = 2',
        '2026-03-01 07:15:03,118 INFO ISR of eggs-1 is 1,2',
      ),
    ).not.toBe('message_broker_partition');
  });
});
