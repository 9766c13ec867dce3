import { type BundleObject, type Diagnosis, type Severity, type Subject, seconds } from '@aetherius/shared/contracts';
import type { Standing } from './competition.ts';
import { citeEvents, citeObject, type Facts } from './facts.ts';
import { grouped } from './graph/object-graph.ts';
import { inFull, isSame, keyOf, named, subjectOf } from './graph/object-key.ts';
import { workloadKinds } from './graph/pod-spec.ts';
import { ageOf, shortage } from './health/health.ts';
import { heldDeletion, isLeaving, LEAVING, toldToGo, UNKNOWN_TIME } from './health/held-deletion.ts';
import { waitsForPod } from './health/waiting-claim.ts';
import type { Hypothesis } from './hypothesis.ts';
import { numberAt, textAt } from './json-path.ts';
import { reachOf } from './reach.ts';
import { groupBy } from './said.ts';
import { undecided, type WithEvents } from './undecided.ts';

const GRACE = seconds('3m');

export type Found = { standing: readonly Standing[]; weak: readonly Hypothesis[] };

/** Everything that a finding speaks for: what it reaches, and what those reach that it explains away. */
export function explained(facts: Facts, standing: readonly Standing[]): Set<string> {
  const all = standing.flatMap(({ hypothesis, explains }) => [hypothesis, ...explains]);
  return new Set(all.flatMap((one) => [...reachOf(facts, one), keyOf(one.subject), keyOf(one.cause.subject)]));
}

function isLate(facts: Facts, object: BundleObject): boolean {
  if (facts.health(object).state !== 'broken') return false;
  const age = ageOf(object.body, 'metadata.creationTimestamp', facts.now);
  if (object.kind !== 'PersistentVolumeClaim') return true;
  return !(age !== undefined && age < GRACE) && !waitsForPod(facts, object);
}

/** What a finding about any of these also speaks for: the owners, the node of a pod, the pods of a claim, the target of a scaler. */
function around(facts: Facts, object: BundleObject): Subject[] {
  const subject = subjectOf(object);
  const node = object.kind === 'Pod' ? facts.graph.out(subject, 'runs_on').map(({ to }) => to) : [];
  const users =
    object.kind === 'PersistentVolumeClaim' ? facts.graph.in(subject, 'claims').map(({ from }) => from) : [];
  const target = facts.graph.out(subject, 'scales').map(({ to }) => to);
  return [
    subject,
    ...facts.graph.out(subject, 'owner').map(({ to }) => to),
    facts.top(subject),
    ...node,
    ...users,
    ...target,
  ];
}

/** What is broken as well where an object waits for it, or it for the object: the pod of a claim, the target of a scaler. */
function brokenWith(facts: Facts, object: BundleObject): Subject | undefined {
  const users = object.kind === 'PersistentVolumeClaim' ? facts.graph.in(object, 'claims').map(({ from }) => from) : [];
  return [...users, ...facts.graph.out(object, 'scales').map(({ to }) => to)].find((one) => {
    const found = facts.graph.find(one);
    return found !== undefined && facts.health(found).state === 'broken';
  });
}

/** What a broken object stands for: a pod that was put out for its node, any other for what runs it or is broken with it. */
export function standsFor(facts: Facts, object: BundleObject): Subject {
  const isPutOut = object.kind === 'Pod' && textAt(object.body, 'status.reason') === 'Evicted';
  const node = isPutOut ? textAt(object.body, 'spec.nodeName') : undefined;
  if (node !== undefined) return { kind: 'Node', namespace: null, name: node };
  return facts.top(brokenWith(facts, object) ?? subjectOf(object));
}

/** Objects that are broken and that no finding speaks for, those of one controller together. */
function leftOver(facts: Facts, { standing }: Found): BundleObject[][] {
  const known = explained(facts, standing);
  const late = facts.bundle.objects.filter((object) => isLate(facts, object));
  const groups = groupBy(late, (object) => keyOf(standsFor(facts, object)));
  return groups.filter((group) => !group.some((object) => around(facts, object).some((one) => known.has(keyOf(one)))));
}

const servesNone = ({ kind, body }: BundleObject): boolean =>
  workloadKinds.has(kind) &&
  (numberAt(body, 'status.readyReplicas') ?? numberAt(body, 'status.numberReady') ?? 0) === 0;

const gravity = (group: readonly BundleObject[]): Severity =>
  group.some((one) => one.kind === 'Node' || servesNone(one)) ? 'high' : 'medium';

/** The facts with the causes too weak to be told, too. */
type Told = WithEvents & { weakAbout: ReadonlyMap<string, readonly Hypothesis[]> };

/** The value of a cited line; a bare figure, and a yes or no, say nothing without the name of the field. */
const sayingOf = (quote: string): string => {
  const value = quote.replace(/^\S+: /, '').replace(UNKNOWN_TIME, '');
  return /^(?:[\d.]+|true|false)$/.test(value) ? quote : value;
};

/** What is told of objects that were to be gone by now. */
function heldBack(facts: Facts, group: readonly BundleObject[]): string | undefined {
  const held = group.find((object) => heldDeletion(object, facts.now) !== undefined);
  const since = held === undefined ? undefined : toldToGo(held);
  const toldLine = held === undefined ? undefined : heldDeletion(held, facts.now)?.line;
  if (since === undefined)
    return group.some(isLeaving) ? 'has a pod that was replaced long ago and is not gone' : undefined;
  return `was to be gone by ${new Date(since).toISOString()} and is ${toldLine === LEAVING ? 'still there' : 'held'}`;
}

/** What was too weak to be told as the cause is told as what there is to see. */
const openBy = ([best]: readonly Hypothesis[]): string =>
  best === undefined ? 'no cause is evidenced' : `no cause is sure; what it shows: ${best.cause.description}`;

function unknown(facts: Told, group: readonly BundleObject[]): Diagnosis[] {
  const [first] = group;
  if (first === undefined) return [];
  const subject = named(standsFor(facts, first), facts.subject);
  const shown = group.flatMap((one) => citeObject(one, facts.health(one).line)).slice(0, 3);
  const told = citeEvents(group.flatMap((one) => facts.eventsOf(one).filter(({ type }) => type !== 'Normal')));
  const doubtful = (facts.weakAbout.get(keyOf(subject)) ?? []).toSorted((a, b) => b.weight - a.weight);
  const lack = shortage(first);
  const own = lack === undefined ? sayingOf(shown[0]?.quote ?? '') : `${lack.ready} of ${lack.wanted} pods are ready`;
  const names = group.filter((one) => !isSame(one, subject)).map(inFull);
  const through = names.length === 0 ? '' : ` (seen in ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''})`;
  return [
    undecided(facts, {
      ...{ subject, severity: gravity(group), doubtful, on: group },
      description: `${inFull(subject)} ${heldBack(facts, group) ?? 'does not fare well'}${through}${own === '' ? '' : `: ${own.slice(0, 200)}`}; ${openBy(doubtful)}`,
      evidence: [...shown, ...told, ...doubtful.flatMap(({ evidence }) => evidence)],
    }),
  ];
}

/** One `unknown` finding for each fault that shows on objects and that no other finding explains: nothing broken goes unsaid. */
export function unexplained(facts: Facts, found: Found): Diagnosis[] {
  const told = {
    ...facts,
    eventsAbout: grouped(facts.bundle.events, keyOf),
    weakAbout: grouped(found.weak, ({ subject }) => keyOf(subject)),
  };
  return leftOver(facts, found).flatMap((group) => unknown(told, group));
}
