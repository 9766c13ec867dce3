import type { Subject } from '@aetherius/shared/contracts';
import type { Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import type { EdgeKind } from './graph/edges.ts';
import { isSame, keyOf, subjectOf } from './graph/object-key.ts';
import type { Hypothesis } from './hypothesis.ts';
import { hasName } from './messages/name-word.ts';
import { reachOf } from './reach.ts';
import { subjectIn } from './rules/performance.ts';
import { fileOf } from './unplaced-log.ts';

/** What each item of a bundle is about; those that name nothing are not among them. */
function namedBy(facts: Facts): Map<string, Subject> {
  const { bundle } = facts;
  const named = new Map<string, Subject>();
  for (const item of [...bundle.objects, ...bundle.events, ...bundle.changes])
    if (item.kind !== 'Log') named.set(item.id, subjectOf(item));
  // Of whom a log is that nothing places, its words tell at most.
  for (const { id, namespace, pod: name } of bundle.logs)
    if (namespace !== null && fileOf(name) === undefined) named.set(id, { kind: 'Pod', namespace, name });
  for (const { id, labels } of [...bundle.alerts, ...bundle.metrics]) {
    const about = subjectIn(facts, labels);
    if (!isSame(about, bundle.subject)) named.set(id, about);
  }
  return named;
}

const known = new WeakMap<Facts, Map<string, Subject>>();

function entityOf(facts: Facts, id: string): Subject | undefined {
  const all = known.get(facts) ?? namedBy(facts);
  known.set(facts, all);
  return all.get(id);
}

const kinds: readonly EdgeKind[] = [
  ...(['owner', 'refers', 'claims', 'account', 'runs_on', 'routes'] as const),
  ...(['scales', 'class', 'binds', 'slices', 'hooks', 'calls'] as const),
];

const neighbours = ({ graph }: Facts, object: Subject): Subject[] =>
  kinds.flatMap((kind) => [
    ...graph.out(object, kind).map(({ to }) => to),
    ...graph.in(object, kind).map(({ from }) => from),
  ]);

/** An overview is about all that is in it. */
const isInside = (entity: Subject, { kind, name }: Subject): boolean =>
  kind === 'Cluster' || (kind === 'Namespace' && entity.namespace === name);

/** Where a pod cannot stand every node is asked why. */
const concernsNodes = ({ category }: Hypothesis): boolean => category.startsWith('unschedulable_');

type Relation = (entity: Subject, words: string) => boolean;

/** Whether an object is the subject, the cause, one that shows the fault or one edge away from these, or words name the one or the other. */
function relationTo(facts: Facts, hypothesis: Hypothesis): Relation {
  const { subject, cause, affects } = hypothesis;
  const first = new Set([...affects, keyOf(subject), keyOf(cause.subject)]);
  let reached: ReadonlySet<string> | undefined;
  const isOwn = (entity: Subject): boolean => {
    const keys = [keyOf(entity), keyOf(facts.top(entity))];
    if (keys.some((key) => first.has(key))) return true;
    reached ??= reachOf(facts, hypothesis);
    return keys.some((key) => reached?.has(key));
  };
  const isNear = (entity: Subject): boolean =>
    [entity, facts.top(entity)].some((one) => neighbours(facts, one).some(isOwn));
  const isCalled = (entity: Subject, words: string): boolean =>
    [subject, cause.subject].some(
      ({ namespace, name }) =>
        hasName(words, name) ||
        (namespace === entity.namespace && hasName(entity.name, name)) ||
        // The check of `scheduler` is about the static pod `kube-scheduler-n1`.
        (entity.kind === 'ComponentStatus' && hasName(name, entity.name)),
    );
  return (entity, words) => {
    if (isOwn(entity) || isCalled(entity, words)) return true;
    if (entity.kind === 'Node' && concernsNodes(hypothesis)) return true;
    return isInside(entity, subject) || isInside(entity, cause.subject) || isNear(entity);
  };
}

/** Whether evidence mentions what a hypothesis is about. What names nothing at all is of the bundle, and so of its subject. */
export function createMentions(facts: Facts, hypothesis: Hypothesis): (evidence: Evidence) => boolean {
  const isRelated = relationTo(facts, hypothesis);
  return ({ id, quote }) => {
    const entity = entityOf(facts, id);
    return entity === undefined || isRelated(entity, quote);
  };
}

/**
 * Whether a fault has to do with what the bundle is about: it lies in the same namespace or in none, is related to it, or is told by
 * evidence that is of it or names it. What goes wrong in another namespace and is bound to it by nothing is no answer for it.
 */
export function concernsSubject(facts: Facts, hypothesis: Hypothesis): boolean {
  const { subject } = facts;
  const isElsewhere = ({ namespace }: Subject): boolean => namespace !== null && namespace !== subject.namespace;
  if (![hypothesis.subject, hypothesis.cause.subject].every(isElsewhere)) return true;
  const top = facts.top(subject);
  const ofSubject = ({ id, quote }: Evidence): boolean => {
    const entity = entityOf(facts, id);
    return entity === undefined || isSame(facts.top(entity), top) || hasName(quote, top.name);
  };
  const isRelated = relationTo(facts, hypothesis);
  const own = [subject, ...facts.podsUnder(top).map(subjectOf)];
  return own.some((one) => isRelated(one, '')) || hypothesis.evidence.some(ofSubject);
}
