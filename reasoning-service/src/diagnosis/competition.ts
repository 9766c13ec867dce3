import type { Category, Subject } from '@aetherius/shared/contracts';
import { servesNames } from './dependency/name-server.ts';
import { wordsOf } from './evidence.ts';
import type { Facts } from './facts.ts';
import { podsOfClaim } from './graph/claim-users.ts';
import { isSame, keyOf } from './graph/object-key.ts';
import type { Hypothesis } from './hypothesis.ts';
import { rankOf, symptoms } from './precedence.ts';
import { reachOf } from './reach.ts';

/** A hypothesis that stands, with those that it explains away. */
export type Standing = { hypothesis: Hypothesis; explains: Hypothesis[] };

/** `users`: the pods of a claim that is full; `words`: what is cited, each thing once however often it is said. */
type Contender = {
  hypothesis: Hypothesis;
  reach: ReadonlySet<string>;
  pods: string[];
  users: readonly string[];
  words: ReadonlySet<string>;
};

const isFullClaim = ({ category, subject }: Hypothesis): boolean =>
  category === 'disk_full' && subject.kind === 'PersistentVolumeClaim';

const isPod = (key: string): boolean => key.startsWith('Pod/');

/** Both are read from the same objects: one subject, or every pod of the second among those of the first. */
function overlaps(a: Contender, b: Contender): boolean {
  if (isSame(a.hypothesis.subject, b.hypothesis.subject)) return true;
  const own = new Set(a.hypothesis.affects);
  if (b.pods.length > 0) return b.pods.every((pod) => own.has(pod)) || hasTaint(b, own);
  return own.has(keyOf(b.hypothesis.subject));
}

/** A pending pod that names a node's taint among the reasons is that node's doing. */
const hasTaint = ({ hypothesis }: Contender, own: ReadonlySet<string>): boolean =>
  hypothesis.affects.some((key) => key.startsWith('Taint/') && own.has(key));

/** Whoever calls a Service behind which nobody stands is refused; its name resolves all the same, unless names are what it serves. */
const lacksServer = (service: Subject, complaint: Category): boolean =>
  complaint === 'dependency_unreachable' || (complaint === 'dns_failure' && servesNames(service));

/** The second blames an object on which the first is known to show: the first is what it complains of. */
function isBlamed(a: Contender, b: Contender): boolean {
  const { subject, cause, category } = b.hypothesis;
  // Who asks for figures asks an API, which a Service answers for.
  if (a.hypothesis.category === 'service_no_endpoints' && category !== 'hpa_no_metrics')
    return lacksServer(a.hypothesis.subject, category) && isSame(cause.subject, a.hypothesis.subject);
  return !isSame(cause.subject, subject) && !isSame(a.hypothesis.subject, subject) && a.reach.has(keyOf(cause.subject));
}

const goesBefore = (a: Hypothesis, b: Hypothesis): boolean =>
  rankOf(a.category) !== rankOf(b.category) ? rankOf(a.category) < rankOf(b.category) : a.weight > b.weight;

/** What only shows a fault further down gives way to the fault; a symptom explains another only in order. */
const isSymptomOf = (b: Contender, a: Contender): boolean =>
  symptoms.has(b.hypothesis.category) &&
  !isSame(a.hypothesis.subject, b.hypothesis.subject) &&
  a.reach.has(keyOf(b.hypothesis.subject)) &&
  (!symptoms.has(a.hypothesis.category) || goesBefore(a.hypothesis, b.hypothesis));

/** A claim that is full, beside the very pod of it that finds no space left. */
const isOfClaim = (a: Contender, b: Contender): boolean =>
  a.hypothesis.category === 'disk_full' && b.users.some((pod) => a.pods.includes(pod));

const isSignature = ({ hypothesis }: Contender): boolean => hypothesis.category === 'log_error_signature';

/** That a log repeats what another cause is read from tells nothing beside it. */
const isRepeated = (a: Contender, b: Contender): boolean =>
  isSignature(b) && !isSignature(a) && b.words.isSubsetOf(a.words);

/** Whether the first explains the second away. */
function explains(a: Contender, b: Contender): boolean {
  if (a.hypothesis.canCause?.(b.hypothesis) === false) return false;
  if (b.hypothesis.isByDesign === true && a.hypothesis.category !== b.hypothesis.category) return false;
  if (isRepeated(a, b) || isRepeated(b, a)) return isRepeated(a, b);
  if (isOfClaim(a, b) || isOfClaim(b, a)) return isOfClaim(a, b);
  const forward = isBlamed(a, b);
  if (forward !== isBlamed(b, a)) return forward;
  if (forward) return goesBefore(a.hypothesis, b.hypothesis);
  return (overlaps(a, b) && goesBefore(a.hypothesis, b.hypothesis)) || isSymptomOf(b, a);
}

/** What the first of two has to share with the second to explain it: an object on which it shows, or that it is about. */
const shownOn = ({ hypothesis, reach, words }: Contender): string[] => [
  ...reach,
  ...words,
  ...hypothesis.affects,
  keyOf(hypothesis.subject),
  keyOf(hypothesis.cause.subject),
];
const askedFor = (b: Contender): string[] => {
  const { hypothesis, pods, users, words } = b;
  const taints = pods.length === 0 ? [] : hypothesis.affects.filter((key) => key.startsWith('Taint/'));
  const repeated = isSignature(b) ? words : [];
  return [...users, ...repeated, keyOf(hypothesis.subject), keyOf(hypothesis.cause.subject), ...pods, ...taints];
};

/** Those that can explain one, in their order: among thousands of faults nearly all have nothing to do with each other. */
function neighbours(contenders: readonly Contender[]): (b: Contender) => readonly Contender[] {
  const order = new Map(contenders.map((one, at) => [one, at]));
  const byKey = new Map<string, Set<Contender>>();
  for (const one of contenders) {
    for (const key of shownOn(one)) byKey.set(key, (byKey.get(key) ?? new Set()).add(one));
  }
  const known = new Map<Contender, readonly Contender[]>();
  const found = (b: Contender) =>
    [...new Set(askedFor(b).flatMap((key) => [...(byKey.get(key) ?? [])]))].sort(
      (a, c) => (order.get(a) ?? 0) - (order.get(c) ?? 0),
    );
  return (b) => {
    const near = known.get(b) ?? found(b);
    known.set(b, near);
    return near;
  };
}

/** Lets hypotheses compete: those left standing explain the others, each from the one nearest to the root. */
export function compete(facts: Facts, hypotheses: readonly Hypothesis[]): Standing[] {
  const contenders = [...hypotheses]
    .sort((a, b) => rankOf(a.category) - rankOf(b.category) || b.weight - a.weight)
    .map(
      (hypothesis): Contender => ({
        hypothesis,
        reach: reachOf(facts, hypothesis),
        pods: hypothesis.affects.filter(isPod),
        words: new Set(hypothesis.evidence.map(wordsOf)),
        users: isFullClaim(hypothesis) ? podsOfClaim(facts.graph, hypothesis.subject).map(keyOf) : [],
      }),
    );
  const near = neighbours(contenders);
  const winners = contenders.filter((b, at) =>
    near(b).every((a) => a === b || !explains(a, b) || (explains(b, a) && at < contenders.indexOf(a))),
  );
  const standing = winners.length > 0 ? winners : contenders.slice(0, 1);
  const standings: Standing[] = standing.map(({ hypothesis }) => ({ hypothesis, explains: [] }));
  const told = new Map(standings.map((one) => [one.hypothesis, one]));
  const isStanding = new Set(standing);
  for (const b of contenders) {
    if (isStanding.has(b)) continue;
    const by = rootOf(b, near, isStanding);
    if (by !== undefined) told.get(by.hypothesis)?.explains.push(b.hypothesis);
  }
  return standings;
}

/** Follows what explains what up to a hypothesis that stands. */
function rootOf(
  b: Contender,
  near: (b: Contender) => readonly Contender[],
  standing: ReadonlySet<Contender>,
): Contender | undefined {
  let found: Contender | undefined = b;
  const seen = new Set<Contender>();
  while (found !== undefined && !standing.has(found) && !seen.has(found)) {
    const below: Contender = found;
    seen.add(below);
    const all = near(below);
    found =
      all.find((a) => standing.has(a) && explains(a, below)) ?? all.find((a) => a !== below && explains(a, below));
  }
  return found;
}
