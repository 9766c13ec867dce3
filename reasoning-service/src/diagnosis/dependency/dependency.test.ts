import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnoseAll } from '../diagnose-all.ts';

const at = '2026-01-02T03:04:05.000Z';
const created = '2026-01-01T00:00:00.000Z';
const object = (kind: string, namespace: string | null, name: string, body: JsonObject): BundleObject => ({
  id: `${kind}/${namespace}/${name}`,
  kind,
  namespace,
  name,
  body,
});
/** A pod as a row of a table tells it. */
const row = (namespace: string, name: string, state: JsonObject): BundleObject =>
  object('Pod', namespace, name, {
    metadata: { creationTimestamp: created },
    status: { phase: 'Running', containerStatuses: [{ name: 'main', restartCount: 6, ready: false, ...state }] },
  });
const loops = { state: { waiting: { reason: 'CrashLoopBackOff', message: '' } } };
const unpullable = { state: { waiting: { reason: 'ImagePullBackOff', message: '' } } };
const runs = { ready: true, restartCount: 0, state: { running: { startedAt: created } } };
const log = (namespace: string, pod: string, ...lines: string[]) => ({
  id: `log/${namespace}/${pod}`,
  namespace,
  pod,
  container: 'main',
  previous: true,
  lines,
});
type Parts = { objects: BundleObject[]; logs: ReturnType<typeof log>[]; complete?: string[] };
const found = (parts: Parts) =>
  diagnoseAll(
    aBundle({ at, subject: { kind: 'Cluster', namespace: null, name: 'c' }, events: [], changes: [], ...parts }),
  ).map(({ category, subject }) => `${category} ${subject.kind}/${subject.namespace}/${subject.name}`);

const booking = 'booking-6c5d8f7b9c-xk2lp';
const store = row('rail', 'tickets-0', unpullable);
store.body['metadata'] = { creationTimestamp: created, ownerReferences: [{ kind: 'StatefulSet', name: 'tickets' }] };
const root = 'image_pull_failure StatefulSet/rail/tickets';
const caller = 'dependency_unreachable Deployment/rail/booking';
const called = (line: string, more: Partial<Parts> = {}) =>
  found({ objects: [store, row('rail', booking, loops)], logs: [log('rail', booking, line)], ...more });

describe('what a program calls, where no Service is told', () => {
  it.each([
    ['its name and namespace', 'ERROR dial tcp tickets.rail.svc:5432: connect: connection refused'],
    ['its whole name', 'Error: connect ECONNREFUSED tickets.rail.svc.cluster.local:5432'],
    ['the short form', 'Error: connect ETIMEDOUT tickets.rail:5432'],
    ['the name of one of its pods', 'Error: connect ECONNREFUSED tickets-0.tickets-peers.rail.svc:5432'],
    ['the name of one of its pods, cut short', 'Error: connect ECONNREFUSED tickets-0.tickets-peers.rail:5432'],
    [
      'a URL beside the address',
      'Get "http://tickets.rail.svc/free": dial tcp 10.7.0.9:80: connect: connection refused',
    ],
  ])('is what runs under %s', (_, line) => {
    expect(called(line)).toEqual([root]);
  });

  it('is followed from caller to caller down to the root', () => {
    const gate = 'gate-7d4b9c8f5d-bq2ts';
    const objects = [store, row('rail', booking, loops), row('rail', gate, loops)];
    const logs = [
      log('rail', booking, 'Error: connect ECONNREFUSED tickets.rail.svc:5432'),
      log('rail', gate, 'ERROR upstream http://booking.rail.svc:8080/free: connect ECONNREFUSED 10.7.0.4:8080'),
    ];
    expect(found({ objects, logs })).toEqual([root]);
  });

  it.each([
    ['in another namespace', 'Error: connect ECONNREFUSED tickets.road.svc:5432', {}],
    ['outside', 'Error: connect ECONNREFUSED tickets.rail.example:5432', {}],
    ['under a longer name', 'Error: connect ECONNREFUSED tickets-archive.rail.svc:5432', {}],
    ['that no whole listing has', 'Error: connect ECONNREFUSED tickets.rail.svc:5432', { complete: ['Service/rail'] }],
  ])('is nothing of the bundle %s', (_, line, more) => {
    expect(called(line, more).sort()).toEqual([caller, root]);
  });
});

const server = (name: string, state: JsonObject) => row('kube-system', name, state);
const asks = (line: string, ...servers: BundleObject[]) =>
  found({ objects: [...servers, row('rail', booking, loops)], logs: [log('rail', booking, line)] });
const both = [server('coredns-5d78c9869d-2xkll', unpullable), server('coredns-5d78c9869d-9ssll', unpullable)];
const deaf = 'image_pull_failure Deployment/kube-system/coredns';
const lost = 'dns_failure Deployment/rail/booking';

describe('names that nobody tells', () => {
  it.each([
    'Error: getaddrinfo EAI_AGAIN tickets.rail.svc',
    'panic: lookup tickets.rail.svc on 10.96.0.10:53: read udp 10.2.0.4:40001->10.96.0.10:53: i/o timeout',
    'socket.gaierror: [Errno -3] Temporary failure in name resolution',
  ])('are the name server’s doing where none of its pods fares well: %s', (line) => {
    expect(asks(line, ...both)).toEqual([deaf]);
  });

  it('are one fault of many callers where nothing says what ails the name server', () => {
    const stalled = row('kube-system', 'coredns-5d78c9869d-2xkll', { state: { running: {} }, restartCount: 0 });
    const other = 'gate-7d4b9c8f5d-bq2ts';
    const line = 'Error: getaddrinfo EAI_AGAIN tickets.rail.svc';
    const objects = [stalled, row('rail', booking, loops), row('rail', other, loops)];
    expect(found({ objects, logs: [log('rail', booking, line), log('rail', other, line)] })).toHaveLength(1);
  });

  const EAI = 'Error: getaddrinfo EAI_AGAIN tickets.rail.svc';
  it('are the name server’s doing where a table leaves out its namespace', () => {
    const servers = both.map(({ name }) => row('default', name, unpullable));
    expect(asks(EAI, ...servers)).toEqual(['image_pull_failure Deployment/default/coredns']);
    const elsewhere = server('kube-proxy-2tzqk', runs);
    expect(asks(EAI, ...servers, elsewhere)).toContain(lost);
  });

  it('are the name server’s doing where no address stands behind its Service', () => {
    const nobody = object('Endpoints', 'kube-system', 'kube-dns', {
      apiVersion: 'v1',
      metadata: { name: 'kube-dns' },
      subsets: [],
    });
    expect(asks(EAI, nobody)).toEqual(['service_no_endpoints Service/kube-system/kube-dns']);
    const served = object('Endpoints', 'kube-system', 'kube-dns', {
      apiVersion: 'v1',
      subsets: [{ addresses: [{ ip: '10.0.0.9' }], ports: [{ port: 53 }] }],
    });
    expect(asks(EAI, served)).toEqual([lost]);
  });

  it('are the name server’s doing where nothing of it is told but a Deployment without a ready pod', () => {
    const deployment = (status: JsonObject, replicas = 2) =>
      object('Deployment', 'kube-system', 'coredns', {
        metadata: { creationTimestamp: created },
        spec: { replicas },
        status,
      });
    const all = diagnoseAll(
      aBundle({
        ...{ at, subject: { kind: 'Cluster', namespace: null, name: 'c' }, events: [], changes: [] },
        objects: [deployment({ replicas: 2 }), row('rail', booking, loops)],
        logs: [log('rail', booking, EAI)],
      }),
    );
    expect(all.map(({ root_cause }) => root_cause.subject.name)).toEqual(['coredns']);
    const fine = deployment({ replicas: 2, readyReplicas: 2, availableReplicas: 2, updatedReplicas: 2 });
    expect(found({ objects: [fine, row('rail', booking, loops)], logs: [log('rail', booking, EAI)] })).toEqual([lost]);
  });

  it('are the name server’s doing where it denies a Service that is there', () => {
    const line = 'panic: lookup tickets.rail.svc on 10.96.0.10:53: no such host';
    const service = object('Service', 'rail', 'tickets', { spec: { clusterIP: '10.96.3.3' } });
    expect(asks(line, ...both, service)).toContain(deaf);
    expect(asks(line, ...both, service)).not.toContain(lost);
    expect(asks(line, server('coredns-5d78c9869d-2xkll', runs), service)).toEqual([lost]);
    // Its name resolves all the same: that nobody stands behind it is a fault of its own.
    const nobody = object('Endpoints', 'rail', 'tickets', { apiVersion: 'v1', subsets: [] });
    expect(asks(line, service, nobody)).toContain(lost);
  });

  it('are a fault of their own where the server answers that there is no such name', () => {
    const line = 'panic: lookup tikcets.rail.svc on 10.96.0.10:53: no such host';
    expect(asks(line, ...both).sort()).toEqual([lost, deaf]);
  });

  it('are a fault of their own where one server still answers, or another one was asked', () => {
    const line = 'Error: getaddrinfo EAI_AGAIN tickets.rail.svc';
    expect(
      asks(line, server('coredns-5d78c9869d-2xkll', unpullable), server('coredns-5d78c9869d-9ssll', runs)),
    ).toContain(lost);
    const service = object('Service', 'kube-system', 'kube-dns', { spec: { clusterIP: '10.96.0.10' } });
    const elsewhere = 'panic: lookup tickets.corp on 192.0.2.8:53: read udp 10.2.0.4:40001->192.0.2.8:53: i/o timeout';
    expect(asks(elsewhere, ...both, service)).toContain(lost);
  });
});

describe('what several programs call in vain', () => {
  const pods = ['lamp', 'desk', 'door'].map((name) => `${name}-6c5d8f7b9c-xk2lp`);
  const calling = (lines: readonly string[], namespaces: readonly string[] = ['rail', 'rail', 'rail']) =>
    diagnoseAll(
      aBundle({
        ...{ at, subject: { kind: 'Cluster', namespace: null, name: 'c' }, events: [], changes: [] },
        objects: lines.map((_, at) => row(namespaces[at] ?? '', pods[at] ?? '', loops)),
        logs: lines.map((line, at) => log(namespaces[at] ?? '', pods[at] ?? '', line)),
      }),
    );
  const at5432 = (host: string) => `FATAL dial tcp ${host}:5432: connect: connection refused`;

  it('is one fault where it is one address, and the address is what is wrong', () => {
    const [fault, ...others] = calling([at5432('10.0.0.1'), at5432('10.0.0.1'), at5432('10.0.0.1')]);
    expect(others).toEqual([]);
    expect(fault?.root_cause.subject).toEqual({ kind: 'Address', namespace: null, name: '10.0.0.1:5432' });
    expect(fault?.root_cause.description).toContain('(also of Deployment rail/desk, Deployment rail/door)');
    const outside = at5432('db.example.com');
    expect(calling([outside, outside], ['rail', 'road'])).toHaveLength(1);
    const name = 'Error: getaddrinfo ENOTFOUND tickets';
    expect(calling([name, name])).toHaveLength(1);
  });

  const apart = (host: string, port = 5432) =>
    `OperationalError: connection to server at ${host}, port ${port} failed: refused`;

  it.each([
    ['host and port stand apart', [at5432('10.0.0.1'), apart('"10.0.0.1"')]],
    ['a client tells the name of the address', [at5432('10.0.0.1'), apart('"db.rail" (10.0.0.1)'), at5432('db.rail')]],
    [
      'the name is short, of the cluster or whole',
      [at5432('db'), at5432('db.rail'), at5432('db.rail.svc.cluster.local')],
    ],
    [
      'one leaves out the only port',
      [at5432('db.rail'), `OperationalError: (2003, "Can't connect to MySQL server on 'db.rail' (111)")`],
    ],
  ])('is one fault where %s', (_, lines) => {
    expect(calling(lines)).toHaveLength(1);
  });

  it.each([
    ['the port differs', [at5432('10.0.0.1'), apart('"10.0.0.1"', 5433)]],
    ['a name goes with two addresses of which one is asked for', [apart('"db.rail" (10.0.0.1)'), at5432('10.0.0.2')]],
    [
      'two names are told of one address',
      [apart('"db.rail" (10.0.0.1)'), apart('"log.rail" (10.0.0.1)'), at5432('10.0.0.1')],
    ],
    ['a longer name only begins like it', [at5432('db.rail'), at5432('db.rail.example')]],
  ])('is several where %s', (_, lines) => {
    expect(calling(lines)).toHaveLength(lines.length);
  });

  it('is what runs under the name that another client tells of the address', () => {
    const objects = [store, ...pods.slice(0, 2).map((name) => row('rail', name, loops))];
    const lines = [at5432('10.0.0.1'), apart('"tickets.rail.svc" (10.0.0.1)')];
    expect(found({ objects, logs: lines.map((line, at) => log('rail', pods[at] ?? '', line)) })).toEqual([root]);
    expect(found({ objects, logs: [log('rail', pods[0] ?? '', lines[0] ?? '')] })).toContain(
      'dependency_unreachable Deployment/rail/lamp',
    );
  });

  it('is several where the addresses differ, everybody has one of his own, or a short name is of another namespace', () => {
    expect(calling([at5432('10.0.0.1'), at5432('10.0.0.2')])).toHaveLength(2);
    expect(calling([at5432('10.0.0.1'), 'FATAL dial tcp 10.0.0.1:6379: connect: connection refused'])).toHaveLength(2);
    expect(calling([at5432('127.0.0.1'), at5432('127.0.0.1')])).toHaveLength(2);
    const name = 'Error: getaddrinfo ENOTFOUND tickets';
    expect(calling([name, name], ['rail', 'road'])).toHaveLength(2);
    const [alone] = calling([at5432('10.0.0.1')]);
    expect(alone?.root_cause.subject.kind).toBe('Deployment');
  });
});

describe('a client of a broker whose cluster is split', () => {
  const broker = (name: string) => {
    const one = row('rail', name, runs);
    one.body['metadata'] = { creationTimestamp: created, ownerReferences: [{ kind: 'StatefulSet', name: 'hares' }] };
    return one;
  };
  const objects = [broker('hares-0'), broker('hares-1'), row('rail', booking, loops)];
  const lost = (node: string) =>
    log(
      'rail',
      booking,
      `ERROR amqp 404: home node 'rabbit@${node}' of durable queue 'q' in vhost '/' is down or inaccessible`,
    );
  const split = {
    ...log(
      'rail',
      'hares-0',
      "[error] <0.2.0> Mnesia('rabbit@hares-0.peers.rail'): ** ERROR ** mnesia_event got {inconsistent_database, running_partitioned_network, 'rabbit@hares-1.peers.rail'}",
    ),
    previous: false,
  };

  it('is a symptom where the node that it misses is a member', () => {
    expect(found({ objects, logs: [split, lost('hares-1.peers.rail')] })).toEqual([
      'message_broker_partition StatefulSet/rail/hares',
    ]);
  });

  it('has a fault of its own where it is another broker, or where none is split', () => {
    expect(found({ objects, logs: [split, lost('stoats-1.peers.rail')] })).toHaveLength(2);
    expect(found({ objects, logs: [lost('hares-1.peers.rail')] })).toEqual([caller]);
  });
});
