import type { BundleObject, EvidenceRead, Subject } from '@aetherius/shared/contracts';
import type { Facts } from '../facts.ts';
import { inFull, isSame, keyOf, subjectOf } from '../graph/object-key.ts';
import { workloadKinds } from '../graph/pod-spec.ts';
import { isInvented } from '../invented-name.ts';
import { readOf } from './evidence-read.ts';

const PODS = 3;

const hasEvents = ({ bundle }: Facts, object: Subject): boolean => bundle.events.some((event) => isSame(event, object));

/** A row of a table tells neither what a pod asks for nor what its containers are. */
const isRowOnly = (facts: Facts, object: Subject): boolean =>
  object.kind === 'Pod' && facts.containersOf(object).every(isInvented);

/** What the bundle lacks of one object: the whole of it, its status, or what the cluster says of it. */
function lacking(facts: Facts, object: Subject): EvidenceRead[] {
  const isKnown = facts.graph.find(object) !== undefined;
  const isToldOf = hasEvents(facts, object);
  if (isKnown && isRowOnly(facts, object))
    return readOf(object, { action: 'describe', what: `the status of ${inFull(object)} and its Events` });
  if (isKnown && isToldOf) return [];
  // Why a workload lacks pods is told of what makes them, and only its own conditions repeat it.
  if (isKnown && workloadKinds.has(object.kind))
    return readOf(object, { action: 'describe', what: `the conditions of ${inFull(object)}` });
  if (isKnown) return readOf(object, { action: 'events', what: `what the cluster says of ${inFull(object)}` });
  if (isToldOf) return readOf(object, { action: 'get', what: `the status of ${inFull(object)}` });
  return readOf(object, { action: 'describe', what: `the status of ${inFull(object)} and its Events` });
}

const brokenPods = (facts: Facts): BundleObject[] =>
  facts.of('Pod').filter((pod) => facts.health(pod).state === 'broken');

/** What a pod stands on and the bundle does not show: its claims and its node. */
const neighbours = ({ graph }: Facts, pod: BundleObject): Subject[] =>
  [...graph.out(pod, 'claims'), ...graph.out(pod, 'runs_on')]
    .map(({ to }) => to)
    .filter((to) => graph.find(to) === undefined);

/** Objects of a kind of which only an Event is there. */
const toldOnly = ({ graph, open }: Facts, wanted: string): Subject[] =>
  open
    .filter(({ kind }) => kind === wanted)
    .map(subjectOf)
    .filter((object) => graph.find(object) === undefined)
    .slice(0, PODS);

/** Objects that the bundle names in its structured fields and does not show, those nearest to the fault first. */
export function missingObjects(facts: Facts): EvidenceRead[] {
  const broken = brokenPods(facts).slice(0, PODS);
  const pods = [...broken, ...toldOnly(facts, 'Pod')];
  // What keeps a workload from running is told of its pods.
  const first = workloadKinds.has(facts.subject.kind) ? pods : [];
  const named = [
    ...first,
    facts.subject,
    ...pods,
    ...broken.flatMap((pod) => neighbours(facts, pod)),
    ...facts
      .of('PersistentVolumeClaim')
      .filter((claim) => facts.health(claim).state === 'broken')
      .slice(0, PODS),
    ...toldOnly(facts, 'PersistentVolumeClaim'),
  ];
  const once = new Map(named.map((object) => [keyOf(object), subjectOf(object)]));
  return [...once.values()].flatMap((object) => lacking(facts, object));
}
