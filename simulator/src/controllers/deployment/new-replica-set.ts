import { isDeepStrictEqual } from 'node:util';
import type { Deployment, ReplicaSet, StringMap } from '../types.ts';
import type { World } from '../world.ts';
import { draftReplicaSet } from './replica-set-draft.ts';
import { annotationsOfNewSet, revisionAnnotation, revisionOf, setOfTemplate } from './revision-rules.ts';
import { oldSets, type Rollout, totalSize } from './rollout.ts';
import { newSetSize } from './rollout-rules.ts';
import { reportScaling } from './scaling.ts';
import type { Seen } from './status-rules.ts';

/** The replica set of the present template, and what there is to say about how it came to be. */
export type Fresh = { set: ReplicaSet | undefined; news?: NonNullable<Seen['news']> };

/** Makes the replica set of the present template, or takes the one that an earlier roll-out left behind, and numbers it. */
export function ensureNewSet(world: World, rollout: Rollout): Fresh {
  const { deployment, sets } = rollout;
  const present = setOfTemplate(sets, deployment);
  const next = Math.max(0, ...oldSets(rollout, present).map(revisionOf)) + 1;
  const annotate = (before: StringMap, revision: number) =>
    annotationsOfNewSet(deployment, before, { revision, maxReplicas: rollout.wanted + rollout.bounds.maxSurge });
  if (present === undefined) {
    const set = create(world, rollout, annotate({}, next));
    noteRevision(world, deployment, String(next));
    return { set, news: { reason: 'NewReplicaSetCreated', message: `Created new replica set "${set.metadata.name}"` } };
  }
  const annotations = annotate(present.metadata.annotations ?? {}, Math.max(next, revisionOf(present)));
  if (!isDeepStrictEqual(present.metadata.annotations, annotations)) {
    world.objects.mutate(present, (draft) => {
      draft.metadata.annotations = annotations;
    });
  }
  noteRevision(world, deployment, annotations[revisionAnnotation]);
  return { set: present };
}

function create(world: World, { deployment, wanted, bounds, sets }: Rollout, annotations: StringMap): ReplicaSet {
  const replicas = newSetSize(wanted, { fresh: 0, all: totalSize(sets) }, bounds);
  const set = world.objects.create(draftReplicaSet(deployment, { replicas, annotations }));
  if (replicas > 0) reportScaling(world, deployment, { set, from: 0, to: replicas });
  return set;
}

function noteRevision({ objects }: World, deployment: Deployment, revision: string | undefined): void {
  if (revision === undefined || deployment.metadata.annotations?.[revisionAnnotation] === revision) return;
  objects.mutate(deployment, (draft) => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [revisionAnnotation]: revision };
  });
}
