import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';

const stuckOnDiscovery = `apiVersion: v1
kind: Namespace
metadata:
  name: old-team
  uid: x
  deletionTimestamp: "2026-11-20T08:00:00Z"
spec: {finalizers: [kubernetes]}
status:
  phase: Terminating
  conditions:
  - {type: NamespaceDeletionDiscoveryFailure, status: "True", reason: DiscoveryFailed, message: "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1", lastTransitionTime: "2026-11-20T08:00:10Z"}
  - {type: NamespaceContentRemaining, status: "False", reason: ContentRemoved, message: "All content successfully removed", lastTransitionTime: "2026-11-20T10:00:10Z"}
`;
const stuckOnContent = `$ kubectl get ns
NAME              STATUS        AGE
default           Active        200d
old-team          Terminating   90d
shop              Active        90d
$ kubectl describe ns old-team
Name:         old-team
Labels:       kubernetes.io/metadata.name=old-team
Annotations:  <none>
Status:       Terminating
Conditions:
  Type                                         Status  LastTransitionTime               Reason                Message
  ----                                         ------  ------------------               ------                -------
  NamespaceDeletionDiscoveryFailure            False   Fri, 20 Nov 2026 08:00:10 +0000  ResourcesDiscovered   All resources successfully discovered
  NamespaceContentRemaining                    True    Fri, 20 Nov 2026 08:00:10 +0000  SomeResourcesRemain   Some resources are remaining: databases.example.com has 1 resource instances
  NamespaceFinalizersRemaining                 True    Fri, 20 Nov 2026 08:00:10 +0000  SomeFinalizersRemain  Some content in the namespace has finalizers remaining: example.com/finalizer in 1 resource instances

No resource quota.

No LimitRange resource.
`;
const described = `Name:         databases.example.com
Namespace:
API Version:  apiextensions.k8s.io/v1
Kind:         CustomResourceDefinition
Status:
  Accepted Names:
    Kind:
    Plural:
  Conditions:
    Last Transition Time:  2026-11-20T08:00:00Z
    Message:               "Database" is already in use
    Reason:                KindConflict
    Status:                False
    Type:                  NamesAccepted
    Last Transition Time:  2026-11-20T08:00:00Z
    Message:               not all names are accepted
    Reason:                NotAccepted
    Status:                False
    Type:                  Established
Events:                    <none>
`;
const manifest = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: databases.example.com, uid: z, creationTimestamp: "2026-11-20T08:00:00Z"}
spec: {group: example.com, names: {kind: Database, plural: databases}}
status:
  conditions:
  - {type: NamesAccepted, status: "False", reason: KindConflict, message: '"Database" is already in use', lastTransitionTime: "2026-11-20T08:00:00Z"}
  - {type: Established, status: "False", reason: NotAccepted, message: not all names are accepted, lastTransitionTime: "2026-11-20T08:00:00Z"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: x, namespace: default, creationTimestamp: "2026-11-20T10:00:00Z"}
`;
const conversion = `NAMESPACE   LAST SEEN   TYPE   REASON   OBJECT   MESSAGE
data        1m (x9 over 20m)          Warning   ReconcileError   database/orders   conversion webhook for example.com/v1, Kind=Database failed: Post "https://db-operator-webhook.data.svc:443/convert?timeout=30s": no endpoints available for service "db-operator-webhook"
`;

/** Something of two hours later, so that no grace is left. */
const later = `apiVersion: v1
kind: ConfigMap
metadata: {name: x, namespace: default, creationTimestamp: "2026-11-20T10:00:00Z"}
`;

describe('faults of the cluster that no category names', () => {
  it.each([
    [
      'a namespace behind an API that does not answer',
      stuckOnDiscovery,
      'Namespace old-team',
      'metrics.k8s.io/v1beta1',
      'kubectl get apiservices',
    ],
    [
      'a namespace with something left in it',
      stuckOnContent,
      'Namespace old-team',
      'databases.example.com has 1 resource',
      'kubectl get -n old-team',
    ],
    [
      'a definition whose names are taken',
      manifest,
      'CustomResourceDefinition databases.example.com',
      'already in use',
      'kubectl get crd databases.example.com',
    ],
    [
      'a definition, described',
      described,
      'CustomResourceDefinition databases.example.com',
      'already in use',
      'kubectl get crd databases.example.com',
    ],
  ])('%s is told in its own words, with what to look at', (_, text, subject, words, look) => {
    const found = pasted({ 'pasted.txt': text, 'later.yaml': later });
    expect(inShort(found)).toBe(`unknown ${subject}`);
    expect(found.root_cause.description).toContain(words);
    expect(found.evidence.some(({ quote }) => quote.includes(words))).toBe(true);
    expect(found.missing_evidence.join('\n')).toContain(look);
  });

  it('a conversion webhook that cannot be called is told in the words of the event', () => {
    const found = pasted({ 'events.txt': conversion });
    expect([found.status, found.root_cause.description]).toEqual([
      'abstained',
      expect.stringContaining('no endpoints available for service "db-operator-webhook"'),
    ]);
  });

  it('a namespace that is not to go is no fault', () => {
    const active = stuckOnContent.replaceAll('Terminating', 'Active').replace(/Conditions:[\s\S]*?\n\n/, '\n');
    expect(inShort(pasted({ 'pasted.txt': active }))).toMatch(/^no_incident/);
  });
});

it('rows of the control plane are of kube-system, whatever they leave out', () => {
  const rows = 'etcd-a   1/1   Running   0   200d\nkube-scheduler-a   0/1   CrashLoopBackOff   31 (2m18s ago)   200d\n';
  const found = pasted({ 'pods.txt': `NAME   READY   STATUS   RESTARTS   AGE\n${rows}` });
  expect(allInShort(found)).toEqual(['control_plane_unhealthy Pod kube-system/kube-scheduler-a']);
});
