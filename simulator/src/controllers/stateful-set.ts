import { isDeepStrictEqual } from 'node:util';
import { createPod, deletePod } from './pod-creation.ts';
import { draftPod } from './pod-draft.ts';
import { isFinished, isReady } from './pod-state.ts';
import { controllerOf, isTerminating, nameKey, referenceTo, splitNameKey } from './references.ts';
import { templateHash } from './template-hash.ts';
import type { Pod, StatefulSet } from './types.ts';
import { createWorkQueue } from './work-queue.ts';
import type { Controller, World } from './world.ts';

const component = 'statefulset-controller';
const revisionLabel = 'controller-revision-hash';

/** Keeps numbered pods with their own volumes, one after the other. */
export function createStatefulSetController(world: World): Controller {
  const queue = createWorkQueue({ timers: world.timers, reconcile: (key) => reconcile(world, key) });
  return {
    onChange({ object }) {
      if (object.kind === 'StatefulSet') queue.add(nameKey(object));
      const owner = object.kind === 'Pod' ? controllerOf(object) : undefined;
      if (owner?.kind === 'StatefulSet') queue.add(`${object.metadata.namespace}/${owner.name}`);
    },
  };
}

const revisionOf = ({ metadata, spec }: StatefulSet): string => `${metadata.name}-${templateHash(spec.template)}`;
const ordinalOf = ({ metadata }: Pod): number => Number(metadata.name.slice(metadata.name.lastIndexOf('-') + 1));

function reconcile(world: World, key: string): void {
  const { namespace, name } = splitNameKey(key);
  const set = world.objects.get('StatefulSet', namespace, name);
  if (set === undefined || isTerminating(set)) return;
  const pods = world.view.podsOf(set.metadata.uid ?? '').sort((left, right) => ordinalOf(left) - ordinalOf(right));
  step(world, set, pods);
  publish(world, set);
}

/** At most one move at a time: replace a failed pod, add the next, take the last away, or bring one up to date. */
function step(world: World, set: StatefulSet, pods: Pod[]): void {
  const wanted = set.spec.replicas ?? 1;
  const failed = pods.find((pod) => isFinished(pod) && !isTerminating(pod));
  if (failed !== undefined) {
    recreate(world, set, failed);
    return;
  }
  const isSettled = pods.every((pod) => isReady(pod) && !isTerminating(pod));
  if (!isSettled && set.spec.podManagementPolicy !== 'Parallel') return;
  const missing = Array.from({ length: wanted }, (_none, index) => index).find(
    (index) => !pods.some((pod) => ordinalOf(pod) === index),
  );
  const surplus = pods.filter((pod) => ordinalOf(pod) >= wanted && !isTerminating(pod)).at(-1);
  const outdated = pods.filter(({ metadata }) => metadata.labels?.[revisionLabel] !== revisionOf(set)).at(-1);
  if (missing !== undefined) add(world, set, missing);
  else if (surplus !== undefined) drop(world, set, surplus);
  else if (outdated !== undefined && isSettled) drop(world, set, outdated);
}

function recreate(world: World, set: StatefulSet, pod: Pod): void {
  const { name, namespace } = pod.metadata;
  const message = `StatefulSet ${namespace}/${set.metadata.name} is recreating failed Pod ${name}`;
  world.events.record(
    { component },
    { about: referenceTo(set), type: 'Warning', reason: 'RecreatingFailedPod', message },
  );
  drop(world, set, pod);
}

function add(world: World, set: StatefulSet, ordinal: number): void {
  const name = `${set.metadata.name}-${ordinal}`;
  const labels = {
    'apps.kubernetes.io/pod-index': String(ordinal),
    [revisionLabel]: revisionOf(set),
    'statefulset.kubernetes.io/pod-name': name,
  };
  const claims = claimsOf(world, set, name);
  const draft = draftPod(set, set.spec.template, { name, labels });
  const volumes = [...(draft.spec.volumes ?? []), ...claims];
  createPod(world, { ...draft, spec: { ...draft.spec, hostname: name, ...(volumes.length === 0 ? {} : { volumes }) } });
  report(world, set, 'SuccessfulCreate', `create Pod ${name} in StatefulSet ${set.metadata.name} successful`);
}

function claimsOf({ objects }: World, set: StatefulSet, podName: string) {
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => {
    const claimName = `${metadata.name}-${podName}`;
    const namespace = set.metadata.namespace ?? 'default';
    if (objects.get('PersistentVolumeClaim', namespace, claimName) === undefined) {
      const labels = set.spec.selector.matchLabels ?? {};
      const draft = { metadata: { name: claimName, namespace, labels }, spec, status: { phase: 'Pending' } };
      objects.create({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...draft });
    }
    return { name: metadata.name, persistentVolumeClaim: { claimName } };
  });
}

function drop(world: World, set: StatefulSet, pod: Pod): void {
  deletePod(world, pod);
  report(
    world,
    set,
    'SuccessfulDelete',
    `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`,
  );
}

function report({ events }: World, set: StatefulSet, reason: string, message: string): void {
  events.record({ component }, { about: referenceTo(set), type: 'Normal', reason, message });
}

function publish({ objects, view }: World, set: StatefulSet): void {
  const pods = view.podsOf(set.metadata.uid ?? '').filter((pod) => !isTerminating(pod));
  const ready = pods.filter(isReady).length;
  const updated = pods.filter(({ metadata }) => metadata.labels?.[revisionLabel] === revisionOf(set)).length;
  const status = {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    currentReplicas: updated,
    updatedReplicas: updated,
    currentRevision: revisionOf(set),
    updateRevision: revisionOf(set),
    collisionCount: 0,
  };
  if (!isDeepStrictEqual(set.status, status)) objects.setStatus(set, status);
}
