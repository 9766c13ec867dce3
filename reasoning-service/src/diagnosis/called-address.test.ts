import { expect, it } from '@jest/globals';
import { addressOf } from './dependency/dependency.ts';
import { statementsOf } from './messages/log-line.ts';
import { firstCause } from './messages/log-signature.ts';

const called = (text: string): string | undefined => {
  const cause = firstCause(statementsOf(text.split('\n')));
  return cause && addressOf(cause, 'mill')?.name;
};

it.each([
  'psycopg2.OperationalError: connection to server at "10.8.4.6", port 6101 failed: Connection refused',
  'PG::ConnectionBad: connection to server at "10.8.4.6", port 6101 failed: timeout expired',
  "ConnectionRefusedError: [Errno 111] Connect call failed ('10.8.4.6', 6101)",
  "Error: connect ECONNREFUSED 10.8.4.6:6101\n    at TCPConnectWrap.afterConnect (node:net:1555:16) {\n  address: '10.8.4.6',\n  port: 6101\n}",
  '{"level":"error","err":{"code":"ECONNREFUSED","syscall":"connect","address":"10.8.4.6","port":6101},"msg":"no store"}',
  '{"level":"error","msg":"no store","err":{"port":6101,"address":"10.8.4.6","code":"ECONNREFUSED"}}',
  'Npgsql.NpgsqlException (0x80004005): Failed to connect to 10.8.4.6:6101\n ---> System.Net.Sockets.SocketException (111): Connection refused',
  'Redis::CannotConnectError: Connection refused - connect(2) for 10.8.4.6:6101',
  'panic: read tcp 10.2.0.9:40112->10.8.4.6:6101: read: connection reset by peer',
])('is the same address, however a client writes host and port: %s', (text) => {
  expect(called(text)).toBe('10.8.4.6:6101');
});

it.each([
  'could not connect to server: Connection refused\n\tIs the server running on host "oats.mill" (10.8.4.6) and accepting\n\tTCP/IP connections on port 6101?',
  "requests.exceptions.ConnectionError: HTTPConnectionPool(host='oats.mill', port=6101): Max retries exceeded with url: /v1",
  'io.netty.channel.AbstractChannel$AnnotatedConnectException: Connection refused: oats.mill/10.8.4.6:6101',
  'java.net.ConnectException: Failed to connect to oats.mill/10.8.4.6:6101',
  'java.sql.SQLNonTransientConnectionException: Socket fail to connect to host:oats.mill, port:6101. Connection refused',
  'java.sql.SQLNonTransientConnectionException: Could not connect to address=(host=oats.mill)(port=6101)(type=master) : Connection refused',
  'PDOException: SQLSTATE[HY000] [2002] Connection refused (Connection: mysql, Host: oats.mill, Port: 6101, Database: app)',
  'Predis\\Connection\\ConnectionException: Connection refused [tcp://oats.mill:6101]',
  'pymongo.errors.ServerSelectionTimeoutError: oats.mill:6101: [Errno 111] Connection refused, Timeout: 30s',
  'server selection error: server selection timeout, current topology: { Type: Unknown, Servers: [{ Addr: oats.mill:6101, Type: Unknown }] }',
  'feign.RetryableException: Connection refused executing GET http://oats.mill:6101/x',
  'level=error msg="cannot reach store" host=oats.mill port=6101 err="connection refused"',
  'JedisConnectionException: Failed to connect to oats.mill:6101.',
])('is a name with its port: %s', (text) => {
  expect(called(text)).toBe('oats.mill:6101');
});

it.each([
  'ERROR Owl.java:17 Connection refused',
  "ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 6101)",
  'ERROR at main.go:88: connection refused',
  '{"level":"error","hostname":"oats-7d9f8c6b5d-zz9xk","port":6101,"msg":"connection refused"}',
])('is none where no other machine is named: %s', (text) => {
  expect(called(text)).toBeUndefined();
});

it.each([
  [
    'the driver explains itself in between',
    'ERROR HikariPool-1 - Exception during pool initialization.\nmysql.CommunicationsException: Communications link failure\n\nThe last packet sent was 0 milliseconds ago.\n\tat mysql.A.b(C.java:1)\nCaused by: java.net.UnknownHostException: oats.mill: Name or service not known',
    'oats.mill',
  ],
  [
    'the attempt was told before',
    'INFO Connecting to jdbc:mysql://oats.mill:6101/app\nERROR HikariPool-1 - Exception during pool initialization.\nCaused by: java.net.ConnectException: Connection refused',
    'oats.mill:6101',
  ],
  [
    'the monitor of a driver names it',
    'ERROR Exception in monitor thread while connecting to server oats.mill:6101\ncom.mongodb.MongoSocketOpenException: Exception opening socket\n\tat com.mongodb.A.b(C.java:1)\nCaused by: java.net.ConnectException: Connection refused',
    'oats.mill:6101',
  ],
])('stands in another line of the same burst: %s', (_, text, address) => {
  expect(called(text)).toBe(address);
});

it('is not that of another server that was reached, nor of what is only reported to', () => {
  const refused = 'ERROR Connection refused';
  expect(called(`INFO connected to http://rye.mill:6101/\n${refused}`)).toBeUndefined();
  expect(
    called(`${refused}\nERROR failed to export spans: connection to http://trace.mill:4317/ timed out`),
  ).toBeUndefined();
});
