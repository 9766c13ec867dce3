import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';
import { writerOf } from '../unplaced-log.ts';

const told = (...lines: string[]) => {
  const pod = writerOf('proxy.log');
  const subject = { kind: 'Cluster', namespace: null, name: 'c' };
  const log = { id: 'log:1', namespace: null, pod, container: '', previous: false, lines };
  const found = diagnose(aBundle({ subject, objects: [], logs: [log], events: [], changes: [] }));
  return `${found.category} ${found.subject.kind}/${found.subject.name}`;
};

const envoy = (status: number, flags: string, service = 'eggs') =>
  `[2026-11-20T03:00:00.000Z] "GET /v1/eggs HTTP/1.1" ${status} ${flags} - - "-" 0 145 30 - "-" "curl" "1" "eggs" "10.5.5.5:80" outbound|80||${service}.nest.svc.cluster.local`;
const json = (flags: string) =>
  `{"response_code":503,"response_flags":"${flags}","upstream_cluster":"outbound|80||eggs.nest.svc.cluster.local"}`;
const down =
  '[WARNING] (8) : Server be/hen1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 0 active and 0 backup servers left.';
const left = down.replace('0 active', '1 active').replace('connection problem, info: "Connection refused"', 'timeout');
const none = "[ALERT]   (8) : backend 'be' has no server available!";
const up = '[WARNING] (8) : Server be/hen1 is UP, reason: Layer4 check passed. 1 active and 0 backup servers online.';

describe('the log of a proxy', () => {
  const isDead = 'dependency_unreachable Log/proxy.log';
  const isEmpty = 'service_no_endpoints Service/eggs';

  it.each([
    ['no connection came about', isDead, envoy(503, 'UF,URX'), envoy(503, 'UF,URX')],
    ['another answers', isDead, envoy(503, 'UF'), envoy(503, 'UF'), envoy(200, '-', 'hay')],
    ['nobody is healthy', isEmpty, envoy(503, 'UH'), envoy(503, 'UH')],
    ['nobody is healthy, in JSON', isEmpty, json('UH'), json('UH')],
    ['a backend lost its servers', isDead, down, none],
    ['no upstream is left', isDead, '{"level":"error","msg":"no upstreams available"}'],
    [
      'a service has no endpoints',
      isEmpty,
      'level=error msg="Skipping service: no endpoints found" ingress=web namespace=nest serviceName=eggs servicePort="&x{}"',
    ],
    [
      'the same in JSON',
      isEmpty,
      '{"level":"error","namespace":"nest","serviceName":"eggs","error":"endpoints not found","message":"Cannot create service"}',
    ],
  ])('names whom it cannot reach: %s', (_, wanted, ...lines) => expect(told(...lines)).toBe(wanted));

  it.each([
    ['it was answered after that', envoy(503, 'UF'), envoy(503, 'UF'), envoy(200, '-')],
    ['the client went away', envoy(0, 'DC'), envoy(0, 'DC')],
    ['the program itself answers so', envoy(503, '-'), envoy(200, '-')],
    ['a server came back', down, none, up],
    ['another server is left', left, left],
    ['no service is named', 'level=info msg="no endpoints found in cache" namespace=nest'],
  ])('names nobody where %s', (_, ...lines) => expect(told(...lines)).toMatch(/^(?:unknown|no_incident) /));
});
