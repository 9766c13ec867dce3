import { type BundleEvent, type Diagnosis, type Subject, seconds } from '@aetherius/shared/contracts';
import { citeAlerts, type Evidence, wordsOf } from './evidence.ts';
import { citeEvents, type Facts } from './facts.ts';
import { grouped } from './graph/object-graph.ts';
import { inFull, isSame, keyOf, named, subjectOf } from './graph/object-key.ts';
import type { Hypothesis } from './hypothesis.ts';
import { hasName } from './messages/name-word.ts';
import { firing, subjectIn } from './rules/performance.ts';
import { groupBy } from './said.ts';
import { undecided, type WithEvents } from './undecided.ts';
import { explained, type Found } from './unexplained.ts';
import { asLog } from './unplaced-log.ts';
import { openInLogs } from './verdict/open-log.ts';
import { openWarnings, troubleIn } from './verdict/verdict.ts';

/** What goes on is said again within this time: a warning that was said once, and before that, is most likely over. */
const RECENT = seconds('10m') * 1_000;
/** Shorter names are words of every other sentence. */
const LEAST_NAME = 4;

/** Something that complains of an object, and that no finding speaks for. */
type Sign = { about: Subject; quote: string; evidence: Evidence[]; isOften: boolean; doubtful?: Hypothesis };

/** Whether nothing of the bundle tells how an object fares, and nothing tells that it is gone. */
function isUntold({ graph, top }: Facts, about: Subject): boolean {
  const isGone = graph.isWhole(about.kind, about.namespace);
  return !isGone && graph.find(about) === undefined && graph.find(top(about)) === undefined;
}

const isUnderWay = ({ graph, top, health }: Facts, about: Subject): boolean => {
  const object = graph.find(about) ?? graph.find(top(about));
  return object !== undefined && health(object).state === 'progressing';
};

const isRecent = ({ now }: Facts, { last_timestamp: last }: BundleEvent): boolean => now - Date.parse(last) <= RECENT;

function byEvents(facts: Facts): Sign[] {
  const often = new Set(troubleIn(facts).events);
  return openWarnings(facts).flatMap((event) => {
    const about = subjectOf(event);
    const isOften = often.has(event);
    const isOpen = isOften
      ? !isUnderWay(facts, about) && !isPast(facts, about)
      : isUntold(facts, about) && isRecent(facts, event);
    return isOpen ? [{ about, quote: event.message, evidence: citeEvents([event]), isOften }] : [];
  });
}

/** What a whole listing lacks is gone. */
const isPast = ({ graph }: Facts, about: Subject): boolean =>
  graph.isWhole(about.kind, about.namespace) && graph.find(about) === undefined;

function byLogs(facts: Facts): Sign[] {
  const logs = new Map(facts.bundle.logs.map((log) => [log.id, log]));
  return openInLogs(facts).flatMap((one) => {
    const log = logs.get(one.id);
    const about = log && { kind: 'Pod', namespace: log.namespace, name: log.pod };
    if (about === undefined || isPast(facts, about)) return [];
    const pod = facts.graph.find(about);
    const isWell = pod !== undefined && facts.health(pod).state === 'healthy';
    return [{ about, quote: one.quote, evidence: [one], isOften: !isWell }];
  });
}

/** Alerts that fire for an object of which nothing else tells. */
const byAlerts = (facts: Facts): Sign[] =>
  firing(facts).flatMap((alert) => {
    const about = subjectIn(facts, alert.labels);
    if (isSame(about, facts.subject) || !isUntold(facts, about)) return [];
    const evidence = citeAlerts([alert]);
    return [{ about, quote: `alert ${alert.name} fires`, evidence, isOften: true }];
  });

/** Causes that are too weak to be told, of what nothing else tells of. */
const byWeak = (facts: Facts, weak: readonly Hypothesis[]): Sign[] =>
  weak
    .filter(({ subject }) => subject.kind === 'Log' || isUntold(facts, subject))
    .map((doubtful) => ({
      about: doubtful.subject,
      quote: doubtful.cause.description,
      evidence: doubtful.evidence,
      isOften: true,
      doubtful,
    }));

/** What a whole cluster or a namespace is complained of for may well come of the fault that is known. */
const isOverview = ({ kind }: Subject): boolean => kind === 'Cluster' || kind === 'Namespace';

const ofWholeNodes = /^(?:node_|control_plane_unhealthy$|api_server_slow$|pod_ip_exhaustion$)/;

/** Whether a sign may come of what is told already: it is of what a finding shows on, names it, or is of a pod that no node is known of. */
function createKnown(facts: Facts, { standing }: Found, told: readonly Diagnosis[]): (sign: Sign) => boolean {
  const all = standing.flatMap(({ hypothesis, explains }) => [hypothesis, ...explains]);
  const keys = explained(facts, standing);
  for (const { subject } of told) keys.add(keyOf(subject));
  const names = new Set(
    all
      .flatMap(({ subject, cause }) => [subject.name, cause.subject.name])
      .filter(({ length }) => length >= LEAST_NAME),
  );
  const isWide = all.some(({ category }) => ofWholeNodes.test(category));
  const cited = new Set(all.flatMap(({ evidence }) => evidence.map(wordsOf)));
  return ({ about, quote, evidence, doubtful }) => {
    if (isOverview(about) || evidence.some((one) => cited.has(wordsOf(one)))) return true;
    const nodes = facts.graph.out(about, 'runs_on').map(({ to }) => keyOf(to));
    const own = [keyOf(about), keyOf(facts.top(about)), ...nodes, ...(doubtful?.affects ?? [])];
    if (own.some((key) => keys.has(key)) || [...names].some((name) => hasName(quote, name))) return true;
    return isWide && about.kind === 'Pod' && facts.graph.find(about) === undefined;
  };
}

function unknown(facts: WithEvents, signs: readonly Sign[]): Diagnosis[] {
  const [first] = [...signs].sort((a, b) => Number(b.isOften) - Number(a.isOften));
  if (first === undefined) return [];
  const subject = asLog(named(facts.top(first.about), facts.subject));
  const doubtful = signs.flatMap((one) => one.doubtful ?? []).sort((a, b) => b.weight - a.weight);
  const [best] = doubtful;
  const abouts = signs.map(({ about }) => about).filter((one) => !isSame(one, subject));
  const isOften = signs.some((one) => one.isOften);
  return [
    undecided(facts, {
      ...{ subject, severity: isOften ? 'medium' : 'low', doubtful, on: abouts },
      description: `something is wrong with ${inFull(subject)}, and no cause is sure: ${(best?.cause.description ?? first.quote).slice(0, 300)}${isOften ? '' : '; whether that goes on is not told'}`,
      evidence: signs.flatMap(({ evidence }) => evidence),
    }),
  ];
}

/**
 * What would be told if it were all that there is, and stands beside another fault: warnings that are still open, logs that end in
 * trouble, alerts that fire, causes too weak to stand. One `unknown` finding per object.
 */
export function unsaid(facts: Facts, found: Found, told: readonly Diagnosis[]): Diagnosis[] {
  if (found.standing.length === 0 && told.length === 0) return [];
  const isKnown = createKnown(facts, found, told);
  const signs = [...byWeak(facts, found.weak), ...byEvents(facts), ...byLogs(facts), ...byAlerts(facts)].filter(
    (sign) => !isKnown(sign),
  );
  const all = { ...facts, eventsAbout: grouped(facts.bundle.events, keyOf) };
  return groupBy(signs, ({ about }) => keyOf(asLog(facts.top(about)))).flatMap((group) => unknown(all, group));
}
