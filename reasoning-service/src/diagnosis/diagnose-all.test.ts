import type { Bundle, BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { diagnoseAll } from './diagnose-all.ts';

const at = '2026-01-02T03:04:05.000Z';
const object = (kind: string, name: string, body: JsonObject, namespace: string | null = 'shop'): BundleObject => ({
  id: `${kind}/${name}`,
  kind,
  namespace,
  name,
  body,
});
const bundle = (parts: Partial<Bundle>): Bundle => ({
  cluster: 'c',
  at,
  subject: { kind: 'Namespace', namespace: null, name: 'shop' },
  objects: [],
  events: [],
  logs: [],
  metrics: [],
  alerts: [],
  changes: [],
  forecasts: [],
  cut: [],
  complete: [],
  ...parts,
});
const found = (parts: Partial<Bundle>) =>
  diagnoseAll(bundle(parts)).map(({ category, subject }) => `${category} ${subject.kind}/${subject.name}`);

const crashing = (end: JsonObject): JsonObject => ({
  ready: false,
  restartCount: 5,
  state: { waiting: { reason: 'CrashLoopBackOff', message: '' } },
  lastState: { terminated: end },
});
const pod = (owner: string, status: JsonObject, spec: JsonObject = {}): BundleObject =>
  object('Pod', `${owner}-0`, {
    metadata: { uid: owner, labels: { app: owner }, ownerReferences: [{ kind: 'StatefulSet', name: owner }] },
    spec: { containers: [{ name: 'app', ...spec }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'app', ...status }] },
  });
const log = (owner: string, ...lines: string[]) => ({
  id: `log/${owner}`,
  namespace: 'shop',
  pod: `${owner}-0`,
  container: 'app',
  previous: true,
  lines,
});
const failed = { reason: 'Error', exitCode: 1 };

const sandboxFailure = (owner: string, plugin: string) => ({
  id: `event/${owner}`,
  kind: 'Pod',
  namespace: 'shop',
  name: `${owner}-0`,
  type: 'Warning',
  reason: 'FailedCreatePodSandBox',
  component: 'kubelet',
  count: 4,
  message: `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0d5f0a9be2c41f22a7": plugin type="${plugin}" failed (add): ${owner}-0: connect 10.1.2.${owner.length}: refused`,
  first_timestamp: at,
  last_timestamp: at,
});

describe('every fault of a snapshot', () => {
  const pulling = (...pulls: (readonly [image: string, answer: string])[]) =>
    diagnoseAll(
      bundle({
        objects: pulls.map(([image, answer], at) => {
          const message = `Back-off pulling image "${image}": ErrImagePull: failed to pull and unpack image "${image}": ${answer}`;
          const status = { ready: false, restartCount: 0, state: { waiting: { reason: 'ImagePullBackOff', message } } };
          return pod(`app${at}`, status, { image });
        }),
      }),
    );
  const timeout = 'dial tcp 192.0.2.7:443: i/o timeout';

  it.each([
    ['times out for some and refuses others', [timeout, 'dial tcp 192.0.2.7:443: connect: connection refused']],
    [
      'has a name that does not resolve',
      ['lookup reg.example on 192.0.2.53:53: no such host', 'lookup reg.example: no such host'],
    ],
    [
      'has a certificate that nobody trusts',
      ['tls: failed to verify certificate: x509: certificate has expired', 'x509: certificate has expired'],
    ],
  ])('tells a registry once that %s, with all whose images lie there', (_, answers) => {
    const [fault, ...others] = pulling(
      ...answers.map((answer, at) => [`reg.example/team/app${at}:1`, answer] as const),
    );
    expect(others).toEqual([]);
    expect(fault?.subject.name).toBe('app0');
    expect(fault?.root_cause.subject).toEqual({ kind: 'Address', namespace: null, name: 'reg.example' });
    expect(fault?.root_cause.description).toContain('(also of StatefulSet shop/app1)');
  });

  it.each([
    ['of other registries', ['reg.example/a:1', timeout], ['mirror.example/a:1', timeout]],
    [
      'that are not there',
      ['reg.example/a:1', 'manifest unknown: not found'],
      ['reg.example/b:1', 'manifest unknown: not found'],
    ],
    ['that want credentials', ['reg.example/a:1', '401 Unauthorized'], ['reg.example/b:1', '401 Unauthorized']],
    ['of one registry and one that is not there', ['reg.example/a:1', timeout], ['reg.example/b:1', 'not found']],
    ['of Docker Hub and of a registry with a port', ['team/a:1', timeout], ['docker.io:5000/team/a:1', timeout]],
  ] as const)('tells images apart %s', (_, one, other) => {
    expect(pulling(one, other)).toHaveLength(2);
  });

  it('tells a fault of the network once, however many workloads it stops, and two such faults apart', () => {
    const waiting = { ready: false, restartCount: 0, state: { waiting: { reason: 'ContainerCreating', message: '' } } };
    const objects = ['api', 'web', 'archive']
      .map((owner) => pod(owner, waiting))
      .map((one) => ({ ...one, body: { ...one.body, spec: { nodeName: 'node-1' } } }));
    const events = [
      sandboxFailure('api', 'calico'),
      sandboxFailure('web', 'calico'),
      sandboxFailure('archive', 'ipvlan'),
    ];
    const all = diagnoseAll(bundle({ objects, events }));
    expect(all.map(({ subject }) => subject.name)).toEqual(['api', 'archive']);
    expect(all[0]?.root_cause.description).toContain('(also of StatefulSet shop/web)');
  });

  it('names the database that was killed, not the service that complains of it', () => {
    const objects = [
      pod('api', crashing(failed)),
      pod('db', crashing({ reason: 'OOMKilled', exitCode: 137 })),
      object('Service', 'db', { spec: { clusterIP: '10.0.0.9', selector: { app: 'db' } } }),
    ];
    expect(found({ objects, logs: [log('api', 'dial tcp 10.0.0.9:5432: connect: connection refused')] })).toEqual([
      'oom_killed StatefulSet/db',
    ]);
  });

  it.each([
    ['its name', 'Error: connect ECONNREFUSED db.shop.svc.cluster.local:5432'],
    ['its address', 'Error: connect ECONNREFUSED 10.0.0.9:5432'],
    ['fields', '{"level":"error","err":{"code":"ECONNREFUSED","address":"10.0.0.9","port":5432},"msg":"no db"}'],
    ['the echo of an error', 'ERROR db: connection refused', 'Error: connect ECONNREFUSED 10.0.0.9:5432'],
  ])('names what a service calls by %s, where a table tells no selector', (_, ...lines) => {
    const objects = [
      pod('api', crashing(failed)),
      pod('db', crashing(failed)),
      object('Service', 'db', { spec: { clusterIP: '10.0.0.9' } }),
    ];
    const logs = [log('api', ...lines), log('db', 'ERROR bad file format of the log at 17')];
    expect(found({ objects, logs })).toEqual(['crash_loop_app_error StatefulSet/db']);
    const elsewhere = object('Service', 'db', { metadata: { uid: 'u' }, spec: { clusterIP: '10.0.0.9' } });
    expect(found({ objects: [...objects.slice(0, 2), elsewhere], logs })).toHaveLength(2);
  });

  it('finds nothing in failures that a ready program overcame', () => {
    const ready = { ready: true, restartCount: 0, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } };
    const told = (...lines: string[]) =>
      found({ objects: [pod('api', ready)], logs: [{ ...log('api', ...lines), previous: false }] });
    const retry = 'WARN retry 1 of 5: upstream timed out, succeeded on retry';
    const lost = 'WARN upstream timed out';
    expect(told(retry, 'INFO done', retry, 'INFO done', retry, retry)).toEqual([]);
    expect(told(lost, lost, lost, lost, 'INFO call of upstream succeeded')).toEqual([]);
    expect(told('ERROR queue gone', 'ERROR queue gone', 'ERROR queue gone', 'INFO reconnected')).toEqual([]);
    expect(told('INFO backup succeeded', lost, lost, lost)).toEqual(['dependency_unreachable StatefulSet/api']);
    expect(told(lost, lost, lost, lost, 'INFO backup succeeded')).toEqual(['dependency_unreachable StatefulSet/api']);
  });

  it('names the node, not the pods that it put out or lost', () => {
    const node = object(
      'Node',
      'n1',
      { status: { conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'gone' }] } },
      null,
    );
    const lost = pod('api', crashing(failed));
    lost.body['spec'] = { nodeName: 'n1', containers: [{ name: 'app' }] };
    expect(found({ objects: [node, lost] })).toEqual(['node_not_ready Node/n1']);
  });

  it('tells independent faults apart, gravest first', () => {
    const waiting = {
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "login" not found' } },
    };
    const objects = [pod('web', waiting), pod('db', crashing({ reason: 'OOMKilled', exitCode: 137 }))];
    expect(found({ objects })).toEqual(['oom_killed StatefulSet/db', 'missing_secret StatefulSet/web']);
  });

  it('counts a Secret that several workloads want once, and says who else wants it', () => {
    const waiting = {
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "login" not found' } },
    };
    const all = diagnoseAll(bundle({ objects: [pod('web', waiting), pod('api', waiting)] }));
    expect(all).toHaveLength(1);
    expect(all[0]?.root_cause.description).toContain('also of StatefulSet shop/api');
  });

  it('says nothing about what is healthy, and judges manifests only where nothing runs', () => {
    const container = { name: 'app', ports: [{ containerPort: 80 }], readinessProbe: { httpGet: { port: 8080 } } };
    const design = {
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
      },
    };
    expect(found({ objects: [object('Deployment', 'web', design)] })).toEqual([
      'probe_readiness_failed Deployment/web',
    ]);
    expect(
      found({
        objects: [object('Deployment', 'web', { ...design, status: { readyReplicas: 1, updatedReplicas: 1 } })],
      }),
    ).toEqual([]);
  });

  it('takes an absent object for missing only where the listing is whole', () => {
    const container = { name: 'app', envFrom: [{ configMapRef: { name: 'conf' } }] };
    const objects = [object('Deployment', 'web', { spec: { template: { spec: { containers: [container] } } } })];
    expect(found({ objects })).toEqual([]);
    expect(found({ objects, complete: ['ConfigMap/shop'] })).toEqual(['missing_configmap Deployment/web']);
  });
});
