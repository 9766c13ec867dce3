import { describe, expect, it } from '@jest/globals';
import { aDeployment, aPod, aReplicaSet } from '../../test/objects.ts';
import { createClusterState } from './cluster-state.ts';

describe('the view of a cluster', () => {
  it('finds objects by name, by node and by owner, and forgets them everywhere', () => {
    const view = createClusterState();
    const [deployment, set, pod] = [aDeployment(), aReplicaSet(), aPod()];
    for (const object of [deployment, set, pod]) view.put(object);
    expect(view.find('Pod', 'shop', pod.metadata.name)).toBe(pod);
    expect([view.owner(pod), view.owner(set)]).toEqual([set, deployment]);
    expect([view.podsOnNode('worker-1'), view.ownedBy(set.metadata.uid)]).toEqual([[pod], [pod]]);
    view.remove(pod);
    expect([view.podsOnNode('worker-1'), view.ownedBy(set.metadata.uid), view.all('Pod')]).toEqual([[], [], []]);
  });

  it('moves a pod that changes its place', () => {
    const view = createClusterState();
    view.put(aPod());
    view.put(aPod({ spec: { nodeName: 'worker-2' } }));
    expect([view.podsOnNode('worker-1').length, view.podsOnNode('worker-2').length]).toEqual([0, 1]);
  });

  it('knows no owner that is only a namesake', () => {
    const view = createClusterState();
    view.put(aReplicaSet({ metadata: { uid: 'u-successor' } }));
    expect(view.owner(aPod())).toBeUndefined();
  });
});
