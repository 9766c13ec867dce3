import { isDeepStrictEqual } from 'node:util';
import { controllerOf, isTerminating, nameKey, splitNameKey } from '../references.ts';
import type { Deployment } from '../types.ts';
import { createWorkQueue } from '../work-queue.ts';
import type { Controller, TypedChange, World } from '../world.ts';
import { ensureNewSet, type Fresh } from './new-replica-set.ts';
import { oldestFirst, setOfTemplate, setsToForget } from './revision-rules.ts';
import { isRecreate, lookAt, oldSets, type Rollout } from './rollout.ts';
import { resize, scaleRollout } from './scaling.ts';
import { deploymentStatus, type Seen } from './status-rules.ts';

const defaultDeadlineSeconds = 600;

/** Rolls deployments out: one replica set per template, scaled against each other. */
export function createDeploymentController(world: World): Controller {
  const queue = createWorkQueue({ timers: world.timers, reconcile });

  function reconcile(key: string): void {
    const { namespace, name } = splitNameKey(key);
    const deployment = world.objects.get('Deployment', namespace, name);
    if (deployment === undefined || isTerminating(deployment)) return;
    const fresh = deployment.spec.paused ? holdStill(world, deployment) : progress(world, deployment);
    const isSettled = publish(world, deployment, fresh);
    if (!isSettled) queue.addAfter(key, (deployment.spec.progressDeadlineSeconds ?? defaultDeadlineSeconds) + 1);
  }

  return {
    onChange(change) {
      const key = deploymentKey(world, change);
      if (key !== undefined) queue.add(key);
    },
  };
}

/** The deployment that a change matters to: its own, its replica set's, or that of a pod whose end it may wait for. */
function deploymentKey({ objects }: World, { object }: TypedChange): string | undefined {
  if (object.kind === 'Deployment') return nameKey(object);
  const { namespace } = object.metadata;
  const owner = controllerOf(object);
  if (object.kind === 'ReplicaSet') return owner?.kind === 'Deployment' ? `${namespace}/${owner.name}` : undefined;
  if (object.kind !== 'Pod' || !isTerminating(object) || owner === undefined) return undefined;
  const set = objects.get('ReplicaSet', namespace, owner.name);
  const top = set === undefined ? undefined : controllerOf(set);
  return top === undefined ? undefined : `${namespace}/${top.name}`;
}

function progress(world: World, deployment: Deployment): Fresh {
  const rollout = lookAt(world, deployment);
  if (isRecreate(deployment) && !clearForRecreate(world, rollout))
    return { set: setOfTemplate(rollout.sets, deployment) };
  const fresh = ensureNewSet(world, rollout);
  if (fresh.set !== undefined) scaleRollout(world, lookAt(world, deployment), fresh.set);
  const forgotten = setsToForget(oldSets(rollout, fresh.set), deployment.spec.revisionHistoryLimit);
  for (const set of forgotten) world.objects.remove(set);
  return fresh;
}

/** A paused deployment still follows its replica count, but starts no roll-out. */
function holdStill(world: World, deployment: Deployment): Fresh {
  const rollout = lookAt(world, deployment);
  const active = oldestFirst(rollout.sets).filter(({ spec }) => (spec.replicas ?? 0) > 0);
  const [only] = active;
  if (active.length === 1 && only !== undefined) resize(world, rollout, { set: only, size: rollout.wanted });
  return { set: setOfTemplate(rollout.sets, deployment) };
}

function clearForRecreate(world: World, rollout: Rollout): boolean {
  const old = oldSets(rollout, setOfTemplate(rollout.sets, rollout.deployment));
  for (const set of old) resize(world, rollout, { set, size: 0 });
  return old.every((set) => world.view.podsOf(set.metadata.uid ?? '').length === 0);
}

/** Writes the status; false while the roll-out is still under way. */
function publish(world: World, { metadata }: Deployment, fresh: Fresh): boolean {
  const deployment = world.objects.get('Deployment', metadata.namespace, metadata.name);
  if (deployment === undefined) return true;
  const { sets, bounds, wanted } = lookAt(world, deployment);
  const seen: Seen = {
    fresh: sets.find((set) => set.metadata.uid === fresh.set?.metadata.uid),
    sets,
    maxUnavailable: bounds.maxUnavailable,
    speed: world.speed,
    now: world.clock.now(),
    ...(fresh.news === undefined ? {} : { news: fresh.news }),
  };
  const status = deploymentStatus(deployment, seen);
  if (!isDeepStrictEqual(deployment.status, status)) world.objects.setStatus(deployment, status);
  return (status.updatedReplicas ?? 0) === wanted && (status.availableReplicas ?? 0) === wanted;
}
