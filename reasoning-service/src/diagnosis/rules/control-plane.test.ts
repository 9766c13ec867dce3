import type { Bundle, JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { allInShort, pasted } from '../../../test/pasted.ts';
import { diagnose } from '../diagnose.ts';
import { diagnoseAll } from '../diagnose-all.ts';

const now = Date.parse('2026-03-04T09:00:00.000Z');
const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
type Event = Bundle['events'][number];
type Alert = Bundle['alerts'][number];

const slow = (minutes: number, count: number, name = 'harbour'): Event => ({
  ...{ id: `event:slow/${name}`, type: 'Warning', reason: 'FailedToUpdateEndpointSlices', component: 'c', count },
  message: `Error updating Endpoint Slices for Service quay/${name}: etcdserver: request timed out`,
  ...{ kind: 'Service', namespace: 'quay', name, first_timestamp: ago(minutes), last_timestamp: ago(minutes) },
});
const missing: Event = {
  ...{ id: 'event:mount', type: 'Warning', reason: 'FailedMount', component: 'kubelet', count: 9 },
  message: 'MountVolume.SetUp failed for volume "tls" : secret "pier-tls" not found',
  ...{ kind: 'Pod', namespace: 'quay', name: 'pier-0', first_timestamp: ago(20), last_timestamp: ago(1) },
};
const alert = (name: string, severity: string, starts_at: string | null = null): Alert => ({
  ...{ id: `alert:${name}`, name, labels: { severity }, annotations: {}, starts_at, ends_at: null },
});
const object = (kind: string, name: string, body: JsonObject, namespace = 'quay'): Bundle['objects'][number] => ({
  ...{ id: `object:${kind}/${namespace}/${name}`, kind, namespace, name, body },
});
const cluster = { kind: 'Cluster', namespace: null, name: 'docks' };
const of = (parts: Partial<Bundle>): Bundle =>
  aBundle({
    ...{ cluster: 'docks', at: new Date(now).toISOString(), subject: cluster },
    ...{ objects: [], events: [], logs: [], changes: [], ...parts },
  });
const found = (parts: Partial<Bundle>): string[] =>
  diagnoseAll(of(parts)).map(({ category, subject }) => `${category} ${subject.kind}/${subject.name}`);

const scheduler = object(
  'Pod',
  'kube-scheduler-a',
  {
    metadata: { labels: { component: 'kube-scheduler' } },
    status: { containerStatuses: [{ name: 'kube-scheduler', state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
  },
  'kube-system',
);

describe('a control plane that is sick', () => {
  it.each([
    ['events', { events: [missing, slow(1, 8)] }, 'api_server_slow Cluster/docks'],
    [
      'an alert',
      { events: [missing], alerts: [alert('KubeAPIServerLatencyHigh', 'critical')] },
      'api_server_slow Cluster/docks',
    ],
    ['its own pod', { events: [missing], objects: [scheduler] }, 'control_plane_unhealthy Pod/kube-scheduler-a'],
  ])('by %s, hides no object that is missing', (_, parts, sick) => {
    expect(found(parts).sort()).toEqual([sick, 'missing_secret StatefulSet/pier'].sort());
  });

  it('explains pods that nobody has given a place, and the workload that waits for them', () => {
    const pod = object('Pod', 'pier-0', {
      metadata: {
        creationTimestamp: ago(30),
        ownerReferences: [{ kind: 'StatefulSet', name: 'pier', controller: true }],
      },
      spec: { containers: [{ name: 'app', image: 'pier:1' }] },
      status: { phase: 'Pending' },
    });
    const set = object('StatefulSet', 'pier', {
      ...{ metadata: { creationTimestamp: ago(30) }, spec: { replicas: 1 } },
      status: { replicas: 1, readyReplicas: 0, updatedReplicas: 1 },
    });
    expect(found({ objects: [scheduler, set, pod] })).toEqual(['control_plane_unhealthy Pod/kube-scheduler-a']);
  });

  it('explains no pod that runs and is not ready', () => {
    const pod = object('Pod', 'pier-0', {
      ...{ metadata: { creationTimestamp: ago(30) }, spec: { nodeName: 'n1', containers: [{ name: 'app' }] } },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [{ name: 'app', ready: false, state: { running: {} } }],
      },
    });
    expect(found({ objects: [scheduler, pod] })).toContain('probe_readiness_failed Pod/pier-0');
  });

  it('explains a program that says that the API server does not answer', () => {
    const pod = object('Pod', 'gull-1', {
      ...{ metadata: { creationTimestamp: ago(30) }, spec: { nodeName: 'n1', containers: [{ name: 'app' }] } },
      status: {
        phase: 'Running',
        containerStatuses: [
          {
            ...{ name: 'app', ready: false, restartCount: 6 },
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 1, reason: 'Error' } },
          },
        ],
      },
    });
    const line =
      'E0304 08:58:01.000000       1 main.go:88] Get "https://10.96.0.1:443/api/v1/nodes": dial tcp 10.96.0.1:443: connect: connection refused';
    const log = { id: 'log:gull', namespace: 'quay', pod: 'gull-1', container: 'app', previous: true, lines: [line] };
    expect(found({ objects: [scheduler, pod], logs: [log] })).toEqual(['control_plane_unhealthy Pod/kube-scheduler-a']);
  });
});

describe('a sign of a slow API server', () => {
  it.each([
    ['41 minutes ago', [slow(41, 1)]],
    ['41 minutes ago, of two', [slow(41, 1), slow(44, 2, 'mole')]],
  ])('is no answer by itself when it was %s', (_, events) => {
    expect(diagnose(of({ events })).category).toBe('unknown');
    expect(found({ events: [...events, missing] })).toEqual(['missing_secret StatefulSet/pier']);
  });

  it('is worth little just now and once, and more when it comes again', () => {
    const [once, often] = [slow(1, 1), slow(1, 12)].map((event) => diagnose(of({ events: [event] })));
    expect([once?.category, often?.category]).toEqual(['api_server_slow', 'api_server_slow']);
    expect(once?.confidence).toBeLessThan(0.7);
    expect(often?.confidence).toBeGreaterThan(0.75);
  });

  it.each([
    ['KubeAPIErrorBudgetBurn', 'warning', null, 'unknown'],
    ['KubeAPIErrorBudgetBurn', 'critical', null, 'api_server_slow'],
    ['etcdHighCommitDurations', 'warning', ago(60 * 30), 'unknown'],
    ['etcdHighCommitDurations', 'warning', ago(20), 'api_server_slow'],
  ] as const)('%s as a %s since %s is %s', (name, severity, since, category) => {
    expect(diagnose(of({ alerts: [alert(name, severity, since)] })).category).toBe(category);
  });

  it('leaves the fault of its own to a workload that is asked about', () => {
    const subject = { kind: 'Pod', namespace: 'quay', name: 'pier-0' };
    const alerts = [alert('KubeAPIServerLatencyHigh', 'critical')];
    expect(diagnose(of({ subject, events: [missing], alerts })).category).toBe('missing_secret');
  });
});

describe('an etcd that waits for its disk', () => {
  const slowly = (minute: number) =>
    `{"level":"warn","ts":"2026-03-04T08:5${minute}:02Z","caller":"wal/wal.go:805","msg":"slow fdatasync","took":"1.${minute}s","expected-duration":"1s"}`;
  const log = (pod: string, lines: string[]) => ({
    ...{ id: `log:${pod}`, namespace: 'kube-system', pod, container: 'main', previous: false, lines },
  });
  const told = (...etcd: string[]) => {
    const lost = log('kube-scheduler-a', ['E0304 08:59:45.3 1 server.go:242] "Leaderelection lost"']);
    const [first] = diagnoseAll(of({ objects: [scheduler], logs: [lost, log('etcd-a', etcd)] }));
    return { words: first?.root_cause?.description, quotes: first?.evidence.map(({ quote }) => quote) };
  };

  it('is named beside the part that ended for it, with its last word', () => {
    const { words, quotes } = told(slowly(5), slowly(6), slowly(7));
    expect(words).toContain('kube-scheduler of the control plane does not run');
    expect(words).toContain('etcd waits for its disk: slow fdatasync of 1.7s (3 times)');
    expect(quotes).toContain(slowly(7));
  });
  it('is what ends again and again itself, also where a row shows it up again', () => {
    const row = (name: string, status: string, restarts: string) => `${name}   ${status}   ${restarts} (40s ago)   90d`;
    const found = pasted({
      'pods.txt': `$ kubectl get pods -n kube-system\nNAME   READY   STATUS   RESTARTS   AGE\n${[
        row('etcd-a', '1/1   Running', '6'),
        row('kube-controller-manager-a', '0/1   CrashLoopBackOff', '21'),
        row('kube-scheduler-a', '0/1   CrashLoopBackOff', '19'),
      ].join('\n')}\n`,
      'kube-system_etcd-a_etcd.log': [slowly(5), slowly(6), slowly(7)].join('\n'),
    });
    expect(allInShort(found)).toEqual(['control_plane_unhealthy Pod kube-system/etcd-a']);
  });
  it('is not where it says nothing of that', () => {
    expect(told('{"level":"info","caller":"etcdserver/server.go:1","msg":"compacted"}').words).not.toContain('disk');
  });
});

describe('an etcd whose database is full', () => {
  const part = (name: string, waiting?: string): Bundle['objects'][number] =>
    object(
      'Pod',
      `${name}-b`,
      {
        metadata: { labels: { component: name } },
        status: {
          phase: 'Running',
          containerStatuses: [
            waiting === undefined
              ? { name, ready: true, state: { running: {} } }
              : { name, ready: false, restartCount: 8, state: { waiting: { reason: waiting } } },
          ],
        },
      },
      'kube-system',
    );
  const log = (name: string, ...lines: string[]): Bundle['logs'][number] => ({
    ...{ id: `log:${name}`, namespace: 'kube-system', pod: `${name}-b`, container: name, previous: true, lines },
  });
  const etcd = (msg: string, more = '') =>
    `{"level":"error","ts":"2026-03-04T08:57:02Z","caller":"etcdhttp/health.go:149","msg":"${msg}"${more}}`;
  const alarm = etcd('serving /health false due to an alarm', ',"alarm":"NOSPACE"');
  const slowDisk =
    '{"level":"warn","ts":"2026-03-04T08:56:02Z","caller":"wal/wal.go:805","msg":"slow fdatasync","took":"4.1s","expected-duration":"1s"}';
  const unwritten =
    'E0304 08:58:46.020000 1 leaderelection.go:429] Failed to update lock: etcdserver: mvcc: database space exceeded';
  const waiting = [
    part('kube-scheduler', 'CrashLoopBackOff'),
    part('kube-controller-manager', 'CrashLoopBackOff'),
    part('kube-apiserver', 'CrashLoopBackOff'),
  ];

  it('is the one fault of all that cannot write, though the log of etcd was not read', () => {
    const logs = [log('kube-scheduler', unwritten), log('kube-controller-manager', unwritten)];
    const [told, ...others] = diagnoseAll(of({ objects: [part('etcd'), ...waiting.slice(0, 2)], logs }));
    expect([told?.subject.name, others]).toEqual(['etcd-b', []]);
    expect(told?.root_cause?.description).toContain('NOSPACE');
  });

  it('is called full and not slow', () => {
    const objects = [part('etcd', 'CrashLoopBackOff'), ...waiting];
    const [told, ...others] = diagnoseAll(of({ objects, logs: [log('etcd', slowDisk, alarm)] }));
    expect([told?.subject.name, others]).toEqual(['etcd-b', []]);
    expect(told?.root_cause?.description).toContain('database space exceeded');
    expect(told?.root_cause?.description).not.toContain('disk');
  });

  it('is full no more when its alarm was disarmed', () => {
    const logs = [log('etcd', alarm, etcd('alarm disarmed', ',"alarm":"NOSPACE"'))];
    expect(found({ objects: [part('etcd')], logs })).toEqual([]);
  });

  it('has another alarm told by its name', () => {
    const corrupt = etcd('serving /health false due to an alarm', ',"alarm":"CORRUPT"');
    const [told] = diagnoseAll(of({ objects: [part('etcd', 'CrashLoopBackOff')], logs: [log('etcd', corrupt)] }));
    expect(told?.root_cause?.description).toContain('alarm CORRUPT');
  });
});

describe('parts of a control plane that do not run beside each other', () => {
  const loops = (name: string): Bundle['objects'][number] =>
    object(
      'Pod',
      `${name}-b`,
      {
        metadata: { labels: { component: name } },
        status: { containerStatuses: [{ name, state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
      },
      'kube-system',
    );
  const says = (name: string, line: string): Bundle['logs'][number] => ({
    ...{ id: `log:${name}`, namespace: 'kube-system', pod: `${name}-b`, container: name, previous: true },
    lines: [line],
  });
  const objects = ['etcd', 'kube-apiserver', 'kube-scheduler'].map(loops);
  const gone = 'E0304 08:58:46.020000 1 leaderelection.go:429] error retrieving resource lock: connection refused';
  const ownFault = 'E0304 08:58:46.020000 1 run.go:74] "command failed" err="unknown flag: --profling"';

  it.each([
    ['that says nothing', []],
    ['that misses the others', [says('kube-scheduler', gone)]],
  ])('are one fault of etcd with one %s', (_, logs) => {
    expect(found({ objects, logs })).toEqual(['control_plane_unhealthy Pod/etcd-b']);
    expect(found({ objects: objects.slice(1), logs })).toEqual(['control_plane_unhealthy Pod/kube-apiserver-b']);
  });

  it('are two with one that tells of a fault of its own', () => {
    const logs = [says('kube-scheduler', ownFault)];
    expect(found({ objects, logs })).toContain('control_plane_unhealthy Pod/kube-scheduler-b');
    expect(found({ objects, logs })).toHaveLength(2);
  });
});
