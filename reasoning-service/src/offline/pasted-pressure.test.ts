import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';

const listing = (verb: string, ...rows: string[]): string => `$ kubectl ${verb}\n${rows.join('\n')}\n`;
const nodes = listing(
  'get nodes',
  'NAME      STATUS   ROLES    AGE   VERSION',
  'basil-1   Ready    <none>   61d   v1.32.1',
  'basil-2   Ready    <none>   61d   v1.32.1',
);
const events = (...rows: string[]): string =>
  listing('get events -A', 'NAMESPACE   LAST SEEN   TYPE      REASON   OBJECT   MESSAGE', ...rows);
const begins: readonly [reason: string, resource: string, category: string][] = [
  ['NodeHasDiskPressure', 'ephemeral-storage', 'node_disk_pressure_eviction'],
  ['NodeHasInsufficientMemory', 'memory', 'node_memory_pressure'],
  ['NodeHasInsufficientPID', 'pids', 'node_pid_pressure'],
];
const status = (ago: string, reason: string): string =>
  `default     ${ago}   Normal    ${reason}   node/basil-2   Node basil-2 status is now: ${reason}`;

describe('a table that calls a node ready', () => {
  it.each(begins)('does not take back %s', (reason, resource, category) => {
    const told = events(
      status('5m', reason),
      `default     50s   Warning   EvictionThresholdMet   node/basil-2   Attempting to reclaim ${resource}`,
    );
    expect(inShort(pasted({ 'events.txt': told }))).toBe(`${category} Node basil-2`);
    expect(inShort(pasted({ 'events.txt': told, 'nodes.txt': nodes }))).toBe(`${category} Node basil-2`);
  });

  it('does not take back a disk that could not be cleared', () => {
    const told = `default     20s   Warning   FreeDiskSpaceFailed   node/basil-2   Failed to garbage collect required amount of images. Attempted to free 4294967296 bytes, but only found 0 bytes eligible to free.`;
    expect(inShort(pasted({ 'x.txt': `${nodes}${events(told)}` }))).toBe('node_disk_pressure_eviction Node basil-2');
  });

  it.each([
    ['NodeHasDiskPressure', 'ephemeral-storage', 'NodeHasNoDiskPressure'],
    ['NodeHasInsufficientMemory', 'memory', 'NodeHasSufficientMemory'],
    ['NodeHasInsufficientPID', 'pids', 'NodeHasSufficientPID'],
  ])('is left alone once %s is over by the word of its kubelet', (reason, resource, relief) => {
    const told = events(
      status('30m', reason),
      `default     29m   Warning   EvictionThresholdMet   node/basil-2   Attempting to reclaim ${resource}`,
      status('12m', relief),
    );
    expect(inShort(pasted({ 'x.txt': `${nodes}${told}` }))).toBe('no_incident Cluster local');
  });
});

it('names the node that put out pods which were made long ago, beside those that took their place', () => {
  const pods = listing(
    'get pods -n spice',
    'NAME                     READY   STATUS    RESTARTS   AGE',
    'mace-6c9d8f7b5-2xk4v     0/1     Evicted   0          3d',
    'mace-6c9d8f7b5-j8x5c     1/1     Running   0          2m',
  );
  const told = listing(
    'get events -A',
    'NAMESPACE   LAST SEEN   TYPE      REASON    OBJECT                     MESSAGE',
    'default     3m          Normal    NodeHasInsufficientMemory   node/basil-2   Node basil-2 status is now: NodeHasInsufficientMemory',
    'spice       2m50s       Warning   Evicted   pod/mace-6c9d8f7b5-2xk4v   The node was low on resource: memory. Threshold quantity: 100Mi, available: 48Mi. Container mace was using 700Mi, request is 64Mi, has larger consumption of memory.',
  );
  const found = pasted({ 'x.txt': `${pods}${nodes}${told}` });
  expect(allInShort(found)).toEqual(['node_memory_pressure Node basil-2']);
  expect(found.evidence.some(({ quote }) => quote.startsWith('The node was low on resource'))).toBe(true);
});

describe('a claim that is bound', () => {
  const claims = listing(
    'get pvc -n spice',
    'NAME     STATUS   VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE',
    'clove    Bound    pv-77    40Gi       RWO            fast           90d',
  );
  const refused = (ago: string): string =>
    listing(
      'get events -n spice',
      'LAST SEEN   TYPE      REASON               OBJECT                        MESSAGE',
      `${ago}          Warning   VolumeResizeFailed   persistentvolumeclaim/clove   resize volume "pv-77" by resizer "csi.example.org" failed: rpc error: code = OutOfRange desc = no room in the pool`,
    );

  it.each(['15s', '9m'])('may be unable to grow all the same, as it was %s ago', (ago) => {
    const said = 'volume_expand_failed PersistentVolumeClaim spice/clove';
    expect(inShort(pasted({ 'x.txt': `${claims}${refused(ago)}` }))).toBe(said);
  });

  it('has grown where it says so', () => {
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'clove', namespace: 'spice' },
      spec: { resources: { requests: { storage: '60Gi' } }, volumeName: 'pv-77' },
      status: { phase: 'Bound', capacity: { storage: '60Gi' } },
    };
    const found = pasted({ 'claim.json': JSON.stringify(claim), 'events.txt': refused('9m') });
    expect(found.category).toBe('no_incident');
  });
});
