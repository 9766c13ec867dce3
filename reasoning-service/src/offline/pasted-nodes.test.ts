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
