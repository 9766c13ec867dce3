import { isTerminating } from '../references.ts';
import type { Deployment, ReplicaSet } from '../types.ts';
import type { World } from '../world.ts';
import { oldestFirst } from './revision-rules.ts';
import { type Bounds, rolloutBounds } from './rollout-rules.ts';

/** One look at a deployment: what it wants, and the replica sets that are there. */
export type Rollout = { deployment: Deployment; wanted: number; bounds: Bounds; sets: ReplicaSet[] };

/** Whether old pods have to be gone before new ones start. */
export const isRecreate = ({ spec }: Deployment): boolean => spec.strategy?.type === 'Recreate';

/** Looks at a deployment as it is now. */
export function lookAt({ view }: World, deployment: Deployment): Rollout {
  const { spec, metadata } = deployment;
  const wanted = spec.replicas ?? 1;
  const bounds = isRecreate(deployment)
    ? { maxSurge: 0, maxUnavailable: wanted }
    : rolloutBounds(wanted, spec.strategy?.rollingUpdate);
  const sets = view
    .dependents(metadata.uid ?? '')
    .filter((object): object is ReplicaSet => object.kind === 'ReplicaSet' && !isTerminating(object));
  return { deployment, wanted, bounds, sets };
}

/** The replica sets of earlier templates, oldest first. */
export const oldSets = ({ sets }: Rollout, fresh: ReplicaSet | undefined): ReplicaSet[] =>
  oldestFirst(sets).filter(({ metadata }) => metadata.uid !== fresh?.metadata.uid);

/** How many pods the replica sets ask for together. */
export const totalSize = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((total, { spec }) => total + (spec.replicas ?? 0), 0);
