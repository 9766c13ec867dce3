import { type BundleChange, type BundleObject, type Subject, seconds } from '@aetherius/shared/contracts';
import type { Facts } from '../facts.ts';
import { labelsOf } from '../graph/object-graph.ts';
import { inFull, isSame, keyOf, subjectOf } from '../graph/object-key.ts';
import { containersIn, podShapeOf } from '../graph/pod-spec.ts';
import { lines, numberAt, objectsAt, textAt, textsAt } from '../json-path.ts';
import { inWords } from './change-words.ts';
import type { Comparison } from './comparison.ts';

/** A change is before an onset when what broke did so at once, or as soon as the new pods had to do something. */
const SOON = seconds('30m');
/** Clocks of nodes and of the control plane differ. */
const SKEW = seconds('60s');

const revisionOf = ({ body }: BundleObject): number =>
  Number(textsAt(body, 'metadata.annotations')['deployment.kubernetes.io/revision'] ?? 0);

/** The ReplicaSets of a Deployment that are known by their revision, newest first. */
const setsOf = (facts: Facts, subject: Subject): BundleObject[] =>
  facts
    .of('ReplicaSet')
    .filter((set) => revisionOf(set) > 0 && isSame(facts.top(subjectOf(set)), subject))
    .sort((a, b) => revisionOf(b) - revisionOf(a));

function fieldsOf(set: BundleObject): Map<string, string> {
  const containers = containersIn(podShapeOf(set)?.spec ?? {});
  const all = containers.flatMap((container) => lines(container, `containers[${textAt(container, 'name') ?? ''}]`));
  return new Map(all.map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]));
}

/** The last rollout as two ReplicaSets tell it, where nobody noted it as a change. */
function betweenSets(newest: BundleObject, before: BundleObject): BundleChange {
  const [fresh, old] = [fieldsOf(newest), fieldsOf(before)];
  const paths = [...new Set([...old.keys(), ...fresh.keys()])].filter((path) => old.get(path) !== fresh.get(path));
  return {
    id: newest.id,
    at: textAt(newest.body, 'metadata.creationTimestamp') ?? '',
    kind: 'Deployment',
    namespace: newest.namespace,
    name: newest.name,
    change: 'rollout',
    from_revision: String(revisionOf(before)),
    to_revision: String(revisionOf(newest)),
    fields: paths.map((path) => ({ path, before: old.get(path) ?? null, after: fresh.get(path) ?? null })),
  };
}

function lastRollout(facts: Facts, subject: Subject): BundleChange | undefined {
  const noted = facts.bundle.changes.find(
    (change) => change.change === 'rollout' && isSame(change, subject) && change.from_revision !== null,
  );
  if (noted !== undefined) return noted;
  const [newest, before] = setsOf(facts, subject);
  return newest === undefined || before === undefined ? undefined : betweenSets(newest, before);
}

type Sides = { now: BundleObject[]; before: BundleObject[] };

/** The pods of a workload by revision: by the hash that its controller gives them, else by their owner. */
function podsByRevision(facts: Facts, subject: Subject): Sides {
  const [newest, before] = setsOf(facts, subject);
  const set = facts.graph.find(subject);
  const next = textAt(set?.body, 'status.updateRevision');
  const pods = facts.of('Pod').filter((pod) => isSame(facts.top(subjectOf(pod)), subject));
  const isOf = (owner: BundleObject | undefined) => (pod: BundleObject) =>
    owner !== undefined && facts.graph.out(subjectOf(pod), 'owner').some(({ to }) => isSame(to, owner));
  if (next === undefined) return { now: pods.filter(isOf(newest)), before: pods.filter(isOf(before)) };
  const isNew = (pod: BundleObject) => labelsOf(pod)['controller-revision-hash'] === next;
  return { now: pods.filter(isNew), before: pods.filter((pod) => !isNew(pod)) };
}

/** The first sign of trouble that anything about these pods or their workload keeps, in milliseconds. */
function onsetOf(facts: Facts, subject: Subject, pods: readonly BundleObject[]): number | undefined {
  const own = new Set([subject, ...pods].map(keyOf));
  const warned = facts.open
    .filter((event) => event.type !== 'Normal' && own.has(keyOf(event)))
    .map((event) => Date.parse(event.first_timestamp ?? event.last_timestamp));
  const ended = pods
    .flatMap(({ body }) => objectsAt(body, 'status.containerStatuses'))
    .map((status) => Date.parse(textAt(status, 'lastState.terminated.finishedAt') ?? ''))
    .filter((at) => !Number.isNaN(at));
  const all = [...warned, ...ended];
  return all.length === 0 ? undefined : Math.min(...all);
}

const stateOf = (facts: Facts, pods: readonly BundleObject[], state: 'broken' | 'healthy') =>
  pods.filter((pod) => facts.health(pod).state === state);

const minutes = (ms: number): string => `${Math.max(1, Math.round(ms / 60_000))} min`;

type Judged = { speaks: Comparison['speaks']; words: string };

function judge(facts: Facts, change: BundleChange, subject: Subject): Judged | undefined {
  const { now, before } = podsByRevision(facts, subject);
  const broken = stateOf(facts, now, 'broken');
  if (stateOf(facts, before, 'broken').length > 0)
    return { speaks: 'against', words: `pods of revision ${change.from_revision} fail as well` };
  const fine = stateOf(facts, before, 'healthy').length;
  if (broken.length > 0 && fine > 0)
    return { speaks: 'for', words: `${fine} pods of revision ${change.from_revision} are healthy` };
  const onset = onsetOf(facts, subject, now);
  const at = Date.parse(change.at);
  if (onset === undefined || Number.isNaN(at)) return undefined;
  if (onset < at - SKEW * 1000)
    return { speaks: 'against', words: `the first sign came ${minutes(at - onset)} before that revision` };
  return onset - at <= SOON * 1000
    ? { speaks: 'for', words: `the first sign came ${minutes(onset - at)} after that revision` }
    : { speaks: 'neither', words: `the first sign came ${minutes(onset - at)} after that revision` };
}

/** Lines of what changed, from where the change is told: the note of it, or the newest ReplicaSet. */
function cited(facts: Facts, change: BundleChange): Comparison['evidence'] {
  const isNoted = facts.bundle.changes.some(({ id }) => id === change.id);
  return change.fields
    .slice(0, 2)
    .map(({ path, after }, index) =>
      isNoted
        ? { id: change.id, quote: `[${index}].path: ${path}` }
        : { id: change.id, quote: `${path.replace(/^containers\[[^\]]*\]\.?/, '')}: ${after ?? ''}` },
    );
}

const judgements = new WeakMap<Facts, Map<string, Comparison | undefined>>();

function compare(facts: Facts, subject: Subject): Comparison | undefined {
  const change = lastRollout(facts, subject);
  if (change === undefined || change.fields.length === 0) return undefined;
  const judged = judge(facts, change, subject);
  if (judged === undefined) return undefined;
  const replicas = numberAt(facts.graph.find(subject)?.body, 'spec.replicas');
  if (replicas === 0) return undefined;
  return {
    with: 'revision_before',
    speaks: judged.speaks,
    says: `revision ${change.to_revision} of ${inFull(subject)} changed ${inWords(change)}; ${judged.words}`,
    evidence: cited(facts, change),
  };
}

/** What a workload's last rollout changed, and whether the fault began with it; undefined where the evidence does not say. */
export function withRevisionBefore(facts: Facts, subject: Subject): Comparison | undefined {
  const known = judgements.get(facts) ?? new Map<string, Comparison | undefined>();
  judgements.set(facts, known);
  const key = keyOf(subject);
  if (!known.has(key)) known.set(key, compare(facts, subject));
  return known.get(key);
}
