import { admitCreate } from '../admission/admit.ts';
import type { NewObject } from '../store/object-store.ts';
import type { Draft } from './objects.ts';
import { isFinished } from './pod-state.ts';
import type { Pod } from './types.ts';
import type { World } from './world.ts';

/** Creates a controller's pod by way of admission, as a request would: a quota that is used up refuses it. */
export function createPod({ store }: Pick<World, 'store'>, draft: Draft<'Pod'>): Pod {
  return store.create(admitCreate(store, draft as unknown as NewObject)) as unknown as Pod;
}

/** Asks for a pod's end: at once while no kubelet holds it, otherwise after its grace period. */
export function deletePod({ objects }: Pick<World, 'objects'>, pod: Pod): void {
  const isHeldByKubelet = pod.spec.nodeName !== undefined && !isFinished(pod);
  objects.remove(pod, isHeldByKubelet ? (pod.spec.terminationGracePeriodSeconds ?? 30) : 0);
}
