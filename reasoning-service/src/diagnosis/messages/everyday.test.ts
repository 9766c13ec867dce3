import { describe, expect, it } from '@jest/globals';
import { isEverydayAtTimes } from './everyday.ts';
import { statementsOf } from './log-line.ts';

const levelOf = (line: string) => statementsOf([line])[0]?.level;
const envoy = (why: string) =>
  `2026-03-01T07:15:02.118Z\twarning\tenvoy config grpc_stream.h:155\tStreamAggregatedResources gRPC config stream to xds-grpc closed${why}`;

describe('what components write on every day', () => {
  it.each([
    '[WARNING] No files matching import glob pattern: /etc/coredns/nest/*.server',
    'E0301 07:15:02.118000    9 remote_runtime.go:432] "ContainerStatus from runtime service failed" err="rpc error: code = NotFound desc = no owl"',
    '1:C 01 Mar 2026 07:15:02.118 # WARNING Memory overcommit must be enabled! Without it a save may fail.',
    envoy(': 0, \tthread=9'),
    envoy(' since 1795s ago: 13, '),
    '2026-03-01 07:15:02.118 UTC [9] LOG:  could not receive data from client: Connection reset by peer',
    '2026/03/01 07:15:02 http: TLS handshake error from 10.4.0.2:51122: EOF',
    '{"s":"W","c":"CONTROL","msg":"Access control is not enabled for the database","tags":["startupWarnings"]}',
  ])('is no trouble: %s', (line) => expect(levelOf(line)).toBe('info'));

  it.each([
    [envoy(' since 40s ago: 14, connection error: dial tcp 10.4.0.2:15012: connect: connection refused'), 'warn'],
    ['E0301 07:15:02 "ContainerStatus from runtime service failed" err="rpc error: code = Unavailable"', 'error'],
    ['2026/03/01 07:15:02 http: TLS handshake error from 10.4.0.2:51122: remote error: tls: bad certificate', 'error'],
  ])('is trouble where a reason stands behind it: %s', (line, level) => expect(levelOf(line)).toBe(level));

  it('may be of the kind that is a fault once it goes on', () => {
    expect(isEverydayAtTimes('ERROR:  duplicate key value violates unique constraint "eggs_key"')).toBe(true);
    expect(isEverydayAtTimes('ERROR:  no such table "eggs"')).toBe(false);
  });
});
