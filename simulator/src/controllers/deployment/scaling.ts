import { referenceTo } from '../references.ts';
import type { Deployment, ReplicaSet } from '../types.ts';
import type { World } from '../world.ts';
import { sizeAnnotations } from './revision-rules.ts';
import { oldSets, type Rollout, totalSize } from './rollout.ts';
import { newSetSize, oldSetSizes } from './rollout-rules.ts';

const component = 'deployment-controller';

/** Moves pods from the old replica sets to the new one, one careful step at a time. */
export function scaleRollout(world: World, rollout: Rollout, fresh: ReplicaSet): void {
  const { wanted, bounds, sets } = rollout;
  const current = sets.find(({ metadata }) => metadata.uid === fresh.metadata.uid) ?? fresh;
  const size = newSetSize(wanted, { fresh: current.spec.replicas ?? 0, all: totalSize(sets) }, bounds);
  if (resize(world, rollout, { set: current, size })) return;
  const old = oldSets(rollout, current);
  const { maxUnavailable } = bounds;
  const sizes = oldSetSizes(old.map(countsOf), countsOf(current), { wanted, maxUnavailable });
  for (const [index, set] of old.entries()) resize(world, rollout, { set, size: sizes[index] ?? 0 });
}

const countsOf = ({ spec, status }: ReplicaSet) => ({
  size: spec.replicas ?? 0,
  available: status?.availableReplicas ?? 0,
});

/** Sets the size of a replica set; false when it has that size already. */
export function resize(world: World, rollout: Rollout, { set, size }: { set: ReplicaSet; size: number }): boolean {
  const from = set.spec.replicas ?? 0;
  if (from === size) return false;
  const { deployment, wanted, bounds } = rollout;
  world.objects.mutate(set, (draft) => {
    draft.spec.replicas = size;
    draft.metadata.annotations = {
      ...draft.metadata.annotations,
      ...sizeAnnotations(wanted, wanted + bounds.maxSurge),
    };
  });
  reportScaling(world, deployment, { set, from, to: size });
  return true;
}

/** Says that a replica set has another size now. */
export function reportScaling(
  { events }: World,
  deployment: Deployment,
  { set, from, to }: { set: ReplicaSet; from: number; to: number },
): void {
  const message = `Scaled ${from < to ? 'up' : 'down'} replica set ${set.metadata.name} from ${from} to ${to}`;
  events.record(
    { component },
    { about: referenceTo(deployment), type: 'Normal', reason: 'ScalingReplicaSet', message },
  );
}
