import { describe, expect, it } from '@jest/globals';
import { allInShort, pasted } from '../../test/pasted.ts';

const node = (count: number, cpu: string, more = '<none>') => `Name:               oak-1
Roles:              <none>
Unschedulable:      false
Conditions:
  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason                       Message
  ----             ------  -----------------                 ------------------                ------                       -------
  Ready            True    Fri, 20 Nov 2026 10:10:00 +0000   Wed, 07 Oct 2026 08:00:00 +0000   KubeletReady                 kubelet is posting ready status
Capacity:
  cpu:                4
  memory:             16Gi
  pods:               20
Allocatable:
  cpu:                4
  memory:             15Gi
  pods:               20
Non-terminated Pods:          (${count} in total)
  Namespace                   Name      CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----      ------------  ----------  ---------------  -------------  ---
  park                        bench-0   1 (25%)       2 (50%)     1Gi (6%)         1Gi (6%)       9d
Allocated resources:
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests      Limits
  --------           --------      ------
  cpu                ${cpu} (50%)  9250m (231%)
  memory             4Gi (26%)     15Gi (100%)
Events:              ${more}
`;

describe('the figures of a node', () => {
  it.each([
    ['has room', node(12, '2'), 'no_incident'],
    ['has as many pods as it may', node(20, '2'), 'node_overcommit'],
    ['is asked for all that it has', node(12, '4'), 'node_overcommit'],
  ])('are held against what it offers: one that %s', (_, text, category) => {
    expect(pasted({ 'node.txt': text }).category).toBe(category);
  });
});

const line = (level: string, minute: number, rest: string) =>
  `{"level":"${level}","ts":"2026-11-20T10:0${minute}:00.101Z","caller":"etcdserver/util.go:170",${rest}}`;
const slow = (took: string, times: number) =>
  [
    line('info', 0, '"msg":"compact tree index","revision":9918221'),
    ...Array.from({ length: times }, (_, at) =>
      line('warn', at, `"msg":"apply request took too long","took":"${took}","expected-duration":"100ms"`),
    ),
  ].join('\n');

describe('requests that etcd calls slow', () => {
  it.each([
    ['one, hardly slow', slow('112.3ms', 1), 'unknown'],
    ['many of them', slow('112.3ms', 6), 'api_server_slow'],
    ['one, of seconds', slow('2.41s', 1), 'api_server_slow'],
  ])('are judged by how slow and how many: %s', (_, text, category) => {
    expect(pasted({ 'etcd.log': text }).category).toBe(category);
  });
});

const events = (...rows: string[]) =>
  `$ kubectl get events -A\nNAMESPACE   LAST SEEN   TYPE      REASON         OBJECT       MESSAGE\n${rows.map((row) => `default     ${row}`).join('\n')}\n`;
const lost = '15m         Normal    NodeNotReady   node/oak-9   Node oak-9 status is now: NodeNotReady';
const removed =
  '14m         Normal    RemovingNode   node/oak-9   Node oak-9 event: Removing Node oak-9 from Controller';
const nodes = (...names: string[]) =>
  `$ kubectl get nodes\nNAME    STATUS   ROLES    AGE   VERSION\n${names.map((name) => `${name}   Ready    <none>   9d    v1.31.0`).join('\n')}\n`;

describe('a node of which events tell', () => {
  it.each([
    ['is lost', events(lost), 'node_not_ready Node oak-9'],
    ['was removed', events(lost, removed), 'no_incident Node oak-9'],
    ['is in no whole listing any more', nodes('oak-1', 'oak-2') + events(lost), 'no_incident Cluster local'],
    ['is lost beside others', nodes('oak-1', 'oak-9') + events(lost), 'no_incident Cluster local'],
  ])('is judged by whether it is one still: one that %s', (_, text, expected) => {
    expect(allInShort(pasted({ 'x.txt': text }))).toEqual([expected]);
  });
});

const killed = (more: string) =>
  `$ kubectl get pod mill-6d5f4c8b7d-2kx9q -n park -o yaml | grep -A8 lastState\n    lastState:\n      terminated:\n        exitCode: 137\n        finishedAt: "2026-11-20T10:11:00Z"\n        reason: OOMKilled\n        startedAt: "2026-11-20T10:00:00Z"\n    name: mill\n    ready: true\n${more}`;

describe('a container whose restarts are not told', () => {
  it.each([
    ['left out', '', 'oom_killed'],
    ['told', '    restartCount: 4\n', 'oom_killed'],
  ])('was started again all the same, its count %s', (_, more, category) => {
    expect(pasted({ 'x.txt': killed(more) }).category).toBe(category);
  });
});

const alert = (name: string, labels: Record<string, string>) =>
  JSON.stringify({
    status: 'firing',
    alerts: [
      {
        status: 'firing',
        labels: { alertname: name, severity: 'warning', ...labels },
        annotations: {},
        startsAt: '2026-11-20T10:00:00Z',
      },
    ],
  });
const exporter = {
  namespace: 'watch',
  pod: 'watch-kube-state-metrics-5f6d8c9b7-x2k4p',
  container: 'kube-state-metrics',
  service: 'kube-state-metrics',
};

describe('an alert', () => {
  it.each([
    ['a node', alert('KubeNodeNotReady', { ...exporter, node: 'oak-7' }), 'node_not_ready Node oak-7'],
    [
      'a node under pressure',
      alert('KubeNodePressure', { ...exporter, node: 'oak-7', condition: 'MemoryPressure', severity: 'info' }),
      'node_memory_pressure Node oak-7',
    ],
    [
      'a workload',
      alert('KubeDeploymentReplicasMismatch', { ...exporter, namespace: 'park', deployment: 'mill' }),
      'unknown Deployment park/mill',
    ],
    [
      'what a scrape renamed',
      alert('KubePodNotReady', { ...exporter, exported_namespace: 'park', exported_pod: 'mill-0' }),
      'unknown StatefulSet park/mill',
    ],
    [
      'a container and why it ended',
      alert('ContainerKilled', { namespace: 'park', pod: 'mill-0', container: 'mill', reason: 'OOMKilled' }),
      'oom_killed StatefulSet park/mill',
    ],
    ['an exporter itself', alert('KubePodCrashLooping', exporter), 'unknown Deployment watch/watch-kube-state-metrics'],
  ])('is about what its metric is about: %s', (_, text, expected) => {
    expect(allInShort(pasted({ 'alerts.json': text }))).toEqual([expected]);
  });
});
