import { describe, expect, it } from '@jest/globals';
import { aClaim, aDeployment, aJob, aNode, aPod, aReplicaSet, factsOf, ownedBy } from '../../test/objects.ts';
import { blamedClaim, isNodesDoing, patienceForPlace, podSubject, topSubject } from './fingerprint.ts';

const named = ({ kind, namespace, name }: { kind: string; namespace: string | null; name: string }) =>
  `${namespace}/${kind}/${name}`;

describe('what is held to be broken', () => {
  it('is the Deployment of a pod', () => {
    expect(named(topSubject(factsOf(aDeployment(), aReplicaSet()), aPod()))).toBe('shop/Deployment/cart');
  });

  it('is the Deployment even when its ReplicaSet is not known yet', () => {
    expect(named(topSubject(factsOf(), aPod()))).toBe('shop/Deployment/cart');
  });

  it('is an owner of a kind that is not watched', () => {
    const job = aJob({ metadata: { ...ownedBy('CronJob', 'nights') } });
    const pod = aPod({ metadata: ownedBy('Job', 'nightly') });
    expect(named(topSubject(factsOf(job), pod))).toBe('shop/CronJob/nights');
  });

  it('is a pod only when nobody owns it, or its node does', () => {
    expect(named(topSubject(factsOf(), aPod({ metadata: { ownerReferences: [] } })))).toBe('shop/Pod/cart-5d9c-x7k2p');
    expect(named(topSubject(factsOf(), aPod({ metadata: ownedBy('Node', 'worker-1') })))).toBe(
      'shop/Pod/cart-5d9c-x7k2p',
    );
  });

  it('is not a successor that merely has the same name', () => {
    const other = aDeployment({ metadata: { uid: 'u-other', ...ownedBy('Application', 'suite') } });
    expect(named(topSubject(factsOf(other, aReplicaSet()), aPod()))).toBe('shop/Deployment/cart');
  });

  it('is the node for what the node did to a pod', () => {
    expect(named(podSubject(factsOf(), aPod(), 'TaintManagerEviction', 'Marking for deletion'))).toBe(
      'null/Node/worker-1',
    );
    expect(isNodesDoing('Evicted', 'Container app exceeded its local ephemeral storage limit')).toBe(false);
  });

  it('is the claim that a pod cannot be placed for', () => {
    const pod = aPod({
      spec: {
        volumes: [{ persistentVolumeClaim: { claimName: 'bound' } }, { persistentVolumeClaim: { claimName: 'data' } }],
      },
    });
    const facts = factsOf(aClaim({ metadata: { name: 'bound', uid: 'u-b' }, status: { phase: 'Bound' } }), aClaim());
    const unbound = '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.';
    expect(blamedClaim(facts, pod, unbound)?.name).toBe('data');
    expect(blamedClaim(facts, pod, 'persistentvolumeclaim "gone" not found')?.name).toBe('gone');
    expect(blamedClaim(facts, pod, '3 Insufficient cpu')).toBeUndefined();
  });

  it('is a claim only when the binder had its next round', () => {
    expect(patienceForPlace('0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.')).toBe(20_000);
    expect(patienceForPlace('0/2 nodes are available: 2 Insufficient cpu.')).toBe(10_000);
  });

  const sick = aNode({ DiskPressure: { status: 'True' } });
  const well = aNode({}, { name: 'worker-2', uid: 'u-worker-2' });
  const tainted = '1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }';
  const master = '1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }';
  const verdict = (reasons: string) =>
    `0/2 nodes are available: ${reasons}. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.`;

  it.each([
    ['its taint alone', verdict(tainted), 'null/Node/worker-1'],
    ['that of the control plane beside it', verdict(`${master}, ${tainted}`), 'null/Node/worker-1'],
    ['taints without a name', '0/2 nodes are available: 2 node(s) had untolerated taint(s).', 'null/Node/worker-1'],
    ['want of room elsewhere', verdict(`${tainted}, 1 Insufficient cpu`), 'shop/Deployment/cart'],
  ])('is the one sick node that keeps a pod from its place: %s', (_, message, subject) => {
    expect(
      named(podSubject(factsOf(sick, well, aDeployment(), aReplicaSet()), aPod(), 'FailedScheduling', message)),
    ).toBe(subject);
  });

  it('is no node where none or several are sick', () => {
    const several = factsOf(
      sick,
      aNode({ Ready: { status: 'False' } }, { name: 'worker-2', uid: 'u-worker-2' }),
      aDeployment(),
      aReplicaSet(),
    );
    for (const facts of [several, factsOf(well, aDeployment(), aReplicaSet())])
      expect(named(podSubject(facts, aPod(), 'FailedScheduling', verdict(tainted)))).toBe('shop/Deployment/cart');
  });
});
