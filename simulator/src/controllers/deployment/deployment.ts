import { isDeepStrictEqual } from 'node:util';
import { controllerOf, isTerminating, nameKey, referenceTo, splitNameKey } from '../references.ts';
import type { Deployment, ReplicaSet, StringMap } from '../types.ts';
import { createWorkQueue } from '../work-queue.ts';
import type { Controller, World } from '../world.ts';
import { draftReplicaSet } from './replica-set-draft.ts';
import {
  annotationsOfNewSet,
  oldestFirst,
  revisionAnnotation,
  revisionOf,
  setOfTemplate,
  setsToForget,
  sizeAnnotations,
} from './revision-rules.ts';
import { type Bounds, newSetSize, oldSetSizes, rolloutBounds } from './rollout-rules.ts';
import { deploymentStatus, type Seen } from './status-rules.ts';

const component = 'deployment-controller';

/** One look at a deployment: what it wants, and the replica sets that are there. */
type Rollout = { deployment: Deployment; wanted: number; bounds: Bounds; sets: ReplicaSet[] };
type Fresh = { set: ReplicaSet | undefined; news?: NonNullable<Seen['news']> };

/** Rolls deployments out: one replica set per template, scaled against each other. */
export function createDeploymentController(world: World): Controller {
  const { objects, view, events, clock, timers } = world;
  const queue = createWorkQueue({ timers, reconcile });

  function reconcile(key: string): void {
    const { namespace, name } = splitNameKey(key);
    const deployment = objects.get('Deployment', namespace, name);
    if (deployment === undefined || isTerminating(deployment)) return;
    const rollout = look(deployment);
    const fresh = deployment.spec.paused ? holdStill(rollout) : progress(rollout);
    publish(key, look(deployment), fresh);
  }

  const setsOf = ({ metadata }: Deployment): ReplicaSet[] =>
    view
      .dependents(metadata.uid ?? '')
      .filter((object) => object.kind === 'ReplicaSet' && !isTerminating(object)) as ReplicaSet[];

  function look(deployment: Deployment): Rollout {
    const wanted = deployment.spec.replicas ?? 1;
    const recreates = deployment.spec.strategy?.type === 'Recreate';
    const bounds = recreates
      ? { maxSurge: 0, maxUnavailable: wanted }
      : rolloutBounds(wanted, deployment.spec.strategy?.rollingUpdate);
    return { deployment, wanted, bounds, sets: setsOf(deployment) };
  }

  function progress(rollout: Rollout): Fresh {
    const { deployment } = rollout;
    if (deployment.spec.strategy?.type === 'Recreate' && !clearForRecreate(rollout))
      return { set: setOfTemplate(rollout.sets, deployment) };
    const fresh = newSet(rollout);
    scale(look(deployment), fresh.set);
    for (const set of setsToForget(oldSets(rollout, fresh.set), deployment.spec.revisionHistoryLimit))
      objects.remove(set);
    return fresh;
  }

  /** A paused deployment still follows its replica count, but starts no roll-out. */
  function holdStill({ deployment, sets, wanted, bounds }: Rollout): Fresh {
    const active = oldestFirst(sets).filter(({ spec }) => (spec.replicas ?? 0) > 0);
    const [only] = active;
    if (active.length === 1 && only !== undefined) resize(deployment, only, { size: wanted, bounds });
    return { set: setOfTemplate(sets, deployment) };
  }

  function clearForRecreate(rollout: Rollout): boolean {
    const { deployment, sets } = rollout;
    const old = oldSets(rollout, setOfTemplate(sets, deployment));
    for (const set of old) resize(deployment, set, { size: 0, bounds: rollout.bounds });
    return old.every((set) => view.podsOf(set.metadata.uid ?? '').length === 0);
  }

  const oldSets = ({ sets }: Rollout, fresh: ReplicaSet | undefined): ReplicaSet[] =>
    oldestFirst(sets).filter(({ metadata }) => metadata.uid !== fresh?.metadata.uid);

  function newSet(rollout: Rollout): Fresh {
    const { deployment, sets } = rollout;
    const present = setOfTemplate(sets, deployment);
    const newestOld = Math.max(0, ...oldSets(rollout, present).map(revisionOf));
    const annotations = (before: StringMap, revision: number) =>
      annotationsOfNewSet(deployment, before, { revision, maxReplicas: rollout.wanted + rollout.bounds.maxSurge });
    const set = present === undefined ? create(rollout, annotations({}, newestOld + 1)) : present;
    const next = annotations(set.metadata.annotations ?? {}, Math.max(newestOld + 1, revisionOf(set)));
    if (!isDeepStrictEqual(set.metadata.annotations, next)) {
      objects.mutate(set, (draft) => {
        draft.metadata.annotations = next;
      });
    }
    noteRevision(deployment, next[revisionAnnotation]);
    const created = {
      reason: 'NewReplicaSetCreated' as const,
      message: `Created new replica set "${set.metadata.name}"`,
    };
    return present === undefined ? { set, news: created } : { set };
  }

  function create(rollout: Rollout, annotations: StringMap): ReplicaSet {
    const { deployment, wanted, bounds, sets } = rollout;
    const all = sets.reduce((total, { spec }) => total + (spec.replicas ?? 0), 0);
    const replicas = newSetSize(wanted, { fresh: 0, all }, bounds);
    const set = objects.create(draftReplicaSet(deployment, { replicas, annotations }));
    if (replicas > 0) reportScaling(deployment, set, { from: 0, to: replicas });
    return set;
  }

  function noteRevision(deployment: Deployment, revision: string | undefined): void {
    if (revision === undefined || deployment.metadata.annotations?.[revisionAnnotation] === revision) return;
    objects.mutate(deployment, (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, [revisionAnnotation]: revision };
    });
  }

  function scale(rollout: Rollout, fresh: ReplicaSet | undefined): void {
    const { deployment, wanted, bounds, sets } = rollout;
    if (fresh === undefined) return;
    const current = sets.find(({ metadata }) => metadata.uid === fresh.metadata.uid) ?? fresh;
    const all = sets.reduce((total, { spec }) => total + (spec.replicas ?? 0), 0);
    const size = newSetSize(wanted, { fresh: current.spec.replicas ?? 0, all }, bounds);
    if (resize(deployment, current, { size, bounds })) return;
    const old = oldSets(rollout, current);
    const sizeOf = ({ spec, status }: ReplicaSet) => ({
      size: spec.replicas ?? 0,
      available: status?.availableReplicas ?? 0,
    });
    const sizes = oldSetSizes(old.map(sizeOf), sizeOf(current), { wanted, maxUnavailable: bounds.maxUnavailable });
    for (const [index, set] of old.entries()) resize(deployment, set, { size: sizes[index] ?? 0, bounds });
  }

  function resize(
    deployment: Deployment,
    set: ReplicaSet,
    { size, bounds }: { size: number; bounds: Bounds },
  ): boolean {
    const from = set.spec.replicas ?? 0;
    const wanted = deployment.spec.replicas ?? 1;
    const annotations = { ...set.metadata.annotations, ...sizeAnnotations(wanted, wanted + bounds.maxSurge) };
    if (from === size) return false;
    objects.mutate(set, (draft) => {
      draft.spec.replicas = size;
      draft.metadata.annotations = annotations;
    });
    reportScaling(deployment, set, { from, to: size });
    return true;
  }

  function reportScaling(deployment: Deployment, set: ReplicaSet, { from, to }: { from: number; to: number }): void {
    const message = `Scaled ${from < to ? 'up' : 'down'} replica set ${set.metadata.name} from ${from} to ${to}`;
    events.record(
      { component },
      { about: referenceTo(deployment), type: 'Normal', reason: 'ScalingReplicaSet', message },
    );
  }

  function publish(key: string, rollout: Rollout, fresh: Fresh): void {
    const stored = objects.get('Deployment', rollout.deployment.metadata.namespace, rollout.deployment.metadata.name);
    if (stored === undefined) return;
    const { sets, bounds } = rollout;
    const seen: Seen = {
      fresh: sets.find(({ metadata }) => metadata.uid === fresh.set?.metadata.uid),
      sets,
      maxUnavailable: bounds.maxUnavailable,
      speed: world.speed,
      now: clock.now(),
      ...(fresh.news === undefined ? {} : { news: fresh.news }),
    };
    const status = deploymentStatus(stored, seen);
    if (!isDeepStrictEqual(stored.status, status)) objects.setStatus(stored, status);
    const isComplete = status.updatedReplicas === status.availableReplicas && status.replicas === rollout.wanted;
    if (!isComplete) queue.addAfter(key, (stored.spec.progressDeadlineSeconds ?? 600) + 1);
  }

  return {
    onChange({ object }) {
      if (object.kind === 'Deployment') queue.add(nameKey(object));
      const owner = object.kind === 'ReplicaSet' ? controllerOf(object) : undefined;
      if (owner?.kind === 'Deployment') queue.add(`${object.metadata.namespace}/${owner.name}`);
      if (object.kind === 'Pod' && isTerminating(object))
        wakeForRecreate(object.metadata.namespace, controllerOf(object)?.name);
    },
  };

  /** A Recreate roll-out waits for old pods to be gone, and their end changes no replica set. */
  function wakeForRecreate(namespace: string | undefined, setName: string | undefined): void {
    const set = setName === undefined ? undefined : objects.get('ReplicaSet', namespace, setName);
    const owner = set === undefined ? undefined : controllerOf(set);
    if (owner !== undefined) queue.add(`${namespace}/${owner.name}`);
  }
}
