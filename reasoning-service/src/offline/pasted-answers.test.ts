import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';

const read = (text: string, name = 'x.txt') => pasted({ [name]: text });
const short = (text: string, name?: string): string[] => allInShort(read(text, name));

describe('events of a description below their head, without the line above it', () => {
  const rows = [
    'Type     Reason       Age                 From               Message',
    '----     ------       ----                ----               -------',
    'Normal   Scheduled    9m                  default-scheduler  Successfully assigned kiln/glaze-6b5f7d9c8-w2k4p to n7',
    'Warning  FailedMount  70s (x12 over 9m)   kubelet            MountVolume.SetUp failed for volume "tiles" : mount failed: exit status 32',
    'Mounting command: mount',
    'Output: mount.nfs: access denied by server while mounting 10.9.0.5:/tiles',
  ];
  const told = ['volume_mount_failed Deployment kiln/glaze'];
  const indented = rows.map((row) => (/^(?:Mount|Output)/.test(row) ? row : `  ${row}`)).join('\n');

  it.each([
    ['as it was printed', indented],
    ['without what stands left of it', rows.join('\n')],
    ['with one blank between its cells', rows.slice(0, 4).join('\n').replaceAll(/ {2,}/g, ' ')],
    ['below words of somebody', `This is all I have:\n\n${indented}\n`],
    [
      'below another table',
      `NAME   STATUS   ROLES    AGE   VERSION\nn7     Ready    <none>   8d    v1.31.2\n${indented}\n`,
    ],
  ])('%s', (_, text) => {
    expect(short(text)).toEqual(told);
  });

  it('are those of the pod that one of them names, in any file', () => {
    const found = read(indented, 'notes.md');
    expect([inShort(found), found.unread]).toEqual([told[0], []]);
  });
});

describe('what kubectl says of what it does', () => {
  const cordon = 'node/n7 cordoned\nWarning: ignoring DaemonSet-managed Pods: kube-system/kube-proxy-cvk8z\n';
  const evicting = `evicting pod mail/relay-1
error when evicting pods/"relay-1" -n "mail" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.
`;
  const budget = `NAMESPACE   NAME    MIN AVAILABLE   MAX UNAVAILABLE   ALLOWED DISRUPTIONS   AGE
mail        relay   3               N/A               0                     212d
`;

  it.each([
    ['alone', `${cordon}${evicting.repeat(3)}`],
    ['above a table', `${cordon}${evicting.repeat(3)}${budget}`],
    ['between other lines', `+ upgrade pool b\n${cordon}${evicting.repeat(3)}+ giving up\n`],
  ])('on a drain needs no prompt: %s', (_, text) => {
    expect(short(text, 'drain.log')[0]).toMatch(/^pdb_blocks_eviction /);
  });

  it('on a drain is of the budget beside it', () => {
    const found = pasted({ 'drain.log': `${cordon}${evicting.repeat(3)}`, 'pdb.txt': budget });
    expect([allInShort(found), found.unread]).toEqual([['pdb_blocks_eviction StatefulSet mail/relay'], []]);
  });

  it('on a rollout is of the namespace that it was asked for, and its progress is nothing unread', () => {
    const said = `Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...
error: deployment "web" exceeded its progress deadline
`;
    const found = read(`$ kubectl rollout status deploy/web -n shop\n${said}`);
    expect([allInShort(found), found.unread]).toEqual([['rollout_stuck Deployment shop/web'], []]);
    expect([short(said), read(said).unread]).toEqual([['rollout_stuck Deployment default/web'], []]);
  });

  it('on a rollout that is done is that all is well', () => {
    const said = `$ kubectl rollout status deploy/web -n shop
Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...
deployment "web" successfully rolled out
`;
    const found = read(said);
    expect([allInShort(found), found.unread]).toEqual([['no_incident Deployment shop/web'], []]);
  });

  it('on an apply is the refusal, beside what went well', () => {
    const found = read(`namespace/shop unchanged
deployment.apps/web created
Error from server (Forbidden): error when creating "pod.yaml": pods "owl" is forbidden: exceeded quota: compute, requested: limits.cpu=2, used: limits.cpu=3, limited: limits.cpu=4
`);
    expect([allInShort(found), found.unread]).toEqual([['quota_exceeded Pod default/owl'], []]);
  });
});

describe('the namespace that a text names', () => {
  it('is that of what was blocked', () => {
    const message =
      'Error creating: admission webhook "validate.kyverno.svc-fail" denied the request: resource Pod/apps/owl-6cf8f5c7d9-x was blocked due to the following policies no-root: run-as: \'validation error: root\'';
    const text = `LAST SEEN   TYPE      REASON         OBJECT                      MESSAGE\n2m          Warning   FailedCreate   replicaset/owl-6cf8f5c7d9   ${message}\n`;
    expect(short(text)).toEqual(['admission_podsecurity_rejected Deployment apps/owl']);
  });

  it('is that in which nothing was found', () => {
    const pods =
      'NAME    READY   STATUS             RESTARTS      AGE\nowl-0   0/1     ImagePullBackOff   0             9m\n';
    const found = pasted({ 'pods.txt': pods, 'events.txt': 'No resources found in wood namespace.\n' });
    expect([found.subject.namespace, found.unread]).toEqual(['wood', []]);
  });
});

describe('a Service behind which nobody stands', () => {
  it.each([
    [
      'in a table of endpoints',
      'NAME    ENDPOINTS        AGE\nledger  <none>           88d\nweb     10.1.0.7:8080    300d\n',
    ],
    [
      'in a table of slices',
      'NAME           ADDRESSTYPE   PORTS     ENDPOINTS   AGE\nledger-x7k2p   IPv4          <unset>   <unset>     88d\nweb-9fj2d      IPv4          8080      10.1.0.7    300d\n',
    ],
    [
      'in a listing of slices',
      '{"kind":"EndpointSliceList","apiVersion":"discovery.k8s.io/v1","items":[{"metadata":{"name":"ledger-x7k2p","namespace":"default","labels":{"kubernetes.io/service-name":"ledger"}},"addressType":"IPv4","endpoints":null,"ports":null}]}',
    ],
  ])('%s', (_, text) => {
    const found = read(text);
    expect([allInShort(found), found.status]).toEqual([['service_no_endpoints Service default/ledger'], 'answered']);
  });

  it.each([
    [
      'a lock of the scheduler',
      'NAMESPACE     NAME             ENDPOINTS   AGE\nkube-system   kube-scheduler   <none>      88d\n',
    ],
    ['a lock of a provisioner', 'NAME                     ENDPOINTS   AGE\nfuseim.pri-ifs           <none>      88d\n'],
    [
      'what no Service of a whole listing is called',
      '$ kubectl get ep -n mail\nNAME     ENDPOINTS   AGE\nledger   <none>      88d\n$ kubectl get svc -n mail\nNAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\nweb    ClusterIP   10.96.0.9    <none>        80/TCP    9d\n',
    ],
  ])('is not %s', (_, text) => {
    expect(short(text).join()).not.toContain('service_no_endpoints');
  });
});

it('finds nothing wrong in manifests that bring their namespace', () => {
  const manifest = `apiVersion: v1
kind: Namespace
metadata: {name: wood}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: owl, namespace: wood}
data: {LEVEL: info}
---
apiVersion: v1
kind: Service
metadata: {name: owl, namespace: wood}
spec: {type: ExternalName, externalName: owl.example.com}
`;
  const found = read(manifest, 'x.yaml');
  expect([found.category, found.status]).toEqual(['no_incident', 'answered']);
});
