import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';

const evicted = (node?: string) => {
  const [header, place] =
    node === undefined
      ? ['', '']
      : ['   IP   NODE   NOMINATED NODE   READINESS GATES', `   <none>   ${node}   <none>   <none>`];
  const row = (name: string) => `shop   ${name}   0/1   Evicted   0   14m${place}`;
  return `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE${header}
${row('web-6c9d8b7f5d-x2k4p')}
${row('cart-7c9d8b7f5d-k2k4p')}
${row('search-0')}
`;
};
const events = `NAMESPACE   LAST SEEN   TYPE   REASON   OBJECT   MESSAGE
shop      12m   Warning   Evicted   pod/web-6c9d8b7f5d-x2k4p   The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 9Gi.
default   12m   Warning   EvictionThresholdMet   node/node-a   Attempting to reclaim ephemeral-storage
`;

describe('pods that a node put out', () => {
  it.each([
    ['their node is told', evicted('node-a')],
    ['one node is known to put pods out', evicted()],
  ])('are one fault, of the node, where %s', (_, pods) => {
    expect(allInShort(pasted({ 'pods.txt': pods, 'events.txt': events }))).toEqual([
      'node_disk_pressure_eviction Node node-a',
    ]);
  });

  it('are one open fault of their node where nothing says for want of what', () => {
    const found = pasted({ 'pods.txt': evicted('node-a') });
    expect(allInShort(found)).toEqual(['unknown Node node-a']);
    expect(found.missing_evidence[0]).toBe('the status of Node node-a and its Events: kubectl describe node node-a');
  });
});

const running = (ready: string, restarts = '0', age = '24m') =>
  `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\nshop   cart-6c9d8b7f5d-x2k4p   ${ready}   Running   ${restarts}   ${age}\n`;

describe('a pod that runs and is not ready', () => {
  it('is kept out by its probe, since nothing else makes a running container unready', () => {
    const found = pasted({ 'pods.txt': running('0/1') });
    expect(inShort(found)).toBe('probe_readiness_failed Deployment shop/cart');
    expect(found.root_cause.description).toBe(
      'a container runs and is not ready: a readiness probe does not succeed, and no event tells what it answers',
    );
  });

  it.each([
    ['in its first minutes', running('0/1', '0', '5m')],
    ['between two ends', running('0/1', '6 (2m ago)')],
  ])('is not judged %s', (_, text) => {
    expect(pasted({ 'pods.txt': text }).category).not.toBe('probe_readiness_failed');
  });

  it('waits for a gate that something else opens, when its containers are ready', () => {
    const text = `Name:             cart-6c9d8b7f5d-x2k4p
Namespace:        shop
Start Time:       Fri, 20 Nov 2026 09:00:00 +0000
Status:           Running
Controlled By:    ReplicaSet/cart-6c9d8b7f5d
Containers:
  api:
    State:          Running
      Started:      Fri, 20 Nov 2026 09:00:04 +0000
    Ready:          True
    Restart Count:  0
Conditions:
  Type                                     Status
  target-health.elbv2.k8s.aws/k8s-shop-1   False
  Initialized       True
  Ready             False
  ContainersReady   True
  PodScheduled      True
Events:           <none>
`;
    const found = pasted({ 'describe.txt': text, 'pods.txt': running('1/1') });
    expect(inShort(found)).toBe('unknown Deployment shop/cart');
    expect(found.root_cause.description).toContain('target-health.elbv2.k8s.aws/k8s-shop-1');
  });
});

describe('a lost node that somebody closed', () => {
  const nodes = (state: string) => `$ kubectl get nodes
NAME   STATUS                        ROLES    AGE   VERSION
n-1    Ready                         <none>   90d   v1.31.2
n-2    ${state.padEnd(30)}<none>   90d   v1.31.2
`;
  const pods = (first: string) => `$ kubectl get pods -n shop -o wide
NAME                   READY   STATUS        RESTARTS   AGE   IP         NODE     NOMINATED NODE   READINESS GATES
cart-6c7b8d9f4f-2xbcd   1/1   ${first}   0   20d   10.1.1.1   n-2   <none>   <none>
cart-6c7b8d9f4f-7bbzb   0/1   Pending   0   6m   <none>   <none>   <none>   <none>
`;
  const events = `$ kubectl get events -n shop
LAST SEEN   TYPE      REASON             OBJECT                      MESSAGE
50s         Warning   FailedScheduling   pod/cart-6c7b8d9f4f-7bbzb   0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.
`;
  const lost = nodes('NotReady,SchedulingDisabled');

  it('is what keeps the pod waiting that stands in for the one it had', () => {
    expect(allInShort(pasted({ 'x.txt': lost + pods('Terminating') + events }))).toEqual(['node_not_ready Node n-2']);
  });

  it('is not blamed for a pod that nothing of it makes room for', () => {
    expect(allInShort(pasted({ 'x.txt': lost + events }))).toEqual([
      'node_not_ready Node n-2',
      'unschedulable_insufficient_resource Deployment shop/cart',
    ]);
  });

  it.each([
    ['NotReady,SchedulingDisabled', []],
    ['NotReady', ['cordon_sick_node']],
  ])('is closed only where it is open: %s', (state, expected) => {
    const found = pasted({ 'x.txt': nodes(state) });
    expect(found.recommendations.map(({ name }) => name)).toEqual(expected);
  });
});

describe('rows of a stateful set', () => {
  it('tell by their names which claim a pod waits for', () => {
    const text = `$ kubectl get pvc -n db
NAME          STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
files-ldap-0   Pending                                      fast           <unset>                 12m
$ kubectl get sc
NAME            PROVISIONER             RECLAIMPOLICY   VOLUMEBINDINGMODE      ALLOWVOLUMEEXPANSION   AGE
slow (default)   kubernetes.io/aws-ebs   Delete          WaitForFirstConsumer   false                  400d
$ kubectl get po -n db
NAME     READY   STATUS    RESTARTS   AGE
ldap-0   0/1     Pending   0          12m
`;
    expect(allInShort(pasted({ 'x.txt': text }))).toEqual([
      'pvc_storageclass_missing PersistentVolumeClaim db/files-ldap-0',
    ]);
  });

  it('are of one where its first pod is among them', () => {
    const row = (name: string) => `shop   ${name}   0/1   ErrImagePull   0   3m\n`;
    const table = (...names: string[]) =>
      `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\n${names.map(row).join('')}`;
    expect(allInShort(pasted({ 'x.txt': table('web-0', 'web-1') }))).toEqual([
      'image_pull_failure StatefulSet shop/web',
    ]);
    expect(allInShort(pasted({ 'x.txt': table('web-1') }))).toEqual(['image_pull_failure Pod shop/web-1']);
  });
});

describe('a job that was done at its second try', () => {
  const jobs = (state: string, share: string) => `$ kubectl get jobs,pods -n batch
NAME                       STATUS     COMPLETIONS   DURATION   AGE
job.batch/purge-29371111   ${state}   ${share}   5s   12m

NAME                       READY   STATUS      RESTARTS   AGE
pod/purge-29371111-xbcdz   0/1     Error       0          12m
pod/purge-29371111-fghjx   0/1     Completed   0          11m
`;

  it('is well, and so is its first', () => {
    expect(allInShort(pasted({ 'x.txt': jobs('Complete', '1/1') }))).toEqual(['no_incident Job batch/purge-29371111']);
  });

  it('is not well while it is not done', () => {
    expect(allInShort(pasted({ 'x.txt': jobs('Running', '0/1') }))).not.toEqual([
      'no_incident Job batch/purge-29371111',
    ]);
  });
});

describe('a volume that a lost node still has', () => {
  const nodes = (ready: string) =>
    `$ kubectl get nodes\nNAME   STATUS   ROLES   AGE   VERSION\na1   Ready   <none>   9d   v1.31.0\na2   ${ready}   <none>   9d   v1.31.0\n`;
  const pods = (other: string) =>
    `$ kubectl get pods -A -o wide\nNAMESPACE   NAME   READY   STATUS   RESTARTS   AGE   IP   NODE   NOMINATED NODE   READINESS GATES
mail   relay-6c9d8b7f5d-x2k4p   0/1   ContainerCreating   0   9m   <none>   a1   <none>   <none>
${other}\n`;
  const attach = `$ kubectl get events -n mail\nLAST SEEN   TYPE   REASON   OBJECT   MESSAGE
9m   Warning   FailedAttachVolume   pod/relay-6c9d8b7f5d-x2k4p   Multi-Attach error for volume "pvc-7" Volume is already exclusively attached to one node and can't be attached to another\n`;
  const stranger = 'web   front-5d7c9b8f6d-m4n2q   1/1   Terminating   0   9d   10.1.0.7   a2   <none>   <none>';
  const holder = (node: string) =>
    `mail   relay-5d7c9b8f6d-m4n2q   1/1   Running   0   9d   10.1.0.8   ${node}   <none>   <none>`;

  it.each([
    ['nobody else is known to use it', 'NotReady', stranger, ['node_not_ready Node a2']],
    ['its user is on the lost node', 'NotReady', holder('a2'), ['node_not_ready Node a2']],
    [
      'its user is on a node that is well',
      'NotReady',
      holder('a1'),
      ['volume_multi_attach Pod mail/relay-6c9d8b7f5d-x2k4p', 'node_not_ready Node a2'],
    ],
    ['no node is lost', 'Ready', stranger, ['volume_multi_attach Pod mail/relay-6c9d8b7f5d-x2k4p']],
  ])('is the fault of the node where %s', (_, ready, other, expected) => {
    expect(allInShort(pasted({ 'terminal.txt': nodes(ready) + pods(other) + attach }))).toEqual(expected);
  });
});

describe('the events of a node that joined', () => {
  const events = (...rows: string[]) =>
    `LAST SEEN   TYPE      REASON                OBJECT      MESSAGE\n${rows.join('\n')}\n`;
  const capacity = '9m          Warning   InvalidDiskCapacity   node/owl    invalid capacity 0 on image filesystem';
  const start = '9m          Normal    Starting              node/owl    Starting kubelet.';
  const ready = '8m          Normal    NodeReady             node/owl    Node owl status is now: NodeReady';
  it('are in order once it is ready, whatever its kubelet said at the start', () => {
    expect(allInShort(pasted({ 'x.txt': events(start, capacity, ready) }))).toEqual(['no_incident Node owl']);
    expect(pasted({ 'x.txt': events(start, capacity) }).status).toBe('abstained');
  });
});
