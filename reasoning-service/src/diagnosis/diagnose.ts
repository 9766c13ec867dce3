import type { Bundle, BundleObject, Diagnosis, Subject } from '@aetherius/shared/contracts';
import { alertedSubject } from './alerted.ts';
import { calibrated } from './calibration.ts';
import { withPeers } from './comparison/peers.ts';
import { withRevisionBefore } from './comparison/revision.ts';
import { compete, type Standing } from './competition.ts';
import { ofNameServer, withDeadDependency } from './dependency/dead-dependency.ts';
import { withExpiredCertificate } from './dependency/expired-certificate.ts';
import { withAgentsTold } from './dependency/node-agent.ts';
import { citeAlerts, createProof, type Evidence } from './evidence.ts';
import { citeEvents, type Facts, readFacts } from './facts.ts';
import { foreseenIn } from './foreseen.ts';
import { inFull, isSame, keyOf, named, subjectOf } from './graph/object-key.ts';
import { LEAVING } from './health/held-deletion.ts';
import type { Hypothesis } from './hypothesis.ts';
import { concernsSubject, createMentions } from './mentioned.ts';
import { firstComplaint, quoteOf } from './messages/log-signature.ts';
import { goneWriters } from './missing/gone-writers.ts';
import { missingEvidence } from './missing/missing-evidence.ts';
import { rankOf } from './precedence.ts';
import { reachOf } from './reach.ts';
import { rules } from './rules.ts';
import { waitsForNewNode } from './scale-up.ts';
import { standsFor } from './unexplained.ts';
import { asLog } from './unplaced-log.ts';
import { disquietIn, signsOfCalm } from './verdict/calm-log.ts';
import { freshEnds, freshFailures } from './verdict/fresh-trouble.ts';
import { leftOut } from './verdict/in-time.ts';
import { doubtsInLogs, openInLogs } from './verdict/open-log.ts';
import { unchecked } from './verdict/unchecked.ts';
import { unreadTrouble } from './verdict/unread-trouble.ts';
import {
  isOnlyWatched,
  isQuiet,
  leavingUntold,
  openWarnings,
  signsOfDesign,
  signsOfHealth,
  signsOfOrder,
  type Trouble,
  troubleIn,
} from './verdict/verdict.ts';

/** Below this confidence an answer would be a guess, and a guess must not start a repair. */
const ANSWER_FROM = 0.6;
/** What each thing that speaks against a hypothesis leaves of its weight. */
const DOUBT = 0.75;

const round = (value: number): number => Math.round(value * 100) / 100;

function nameable(hypothesis: Hypothesis, about: Subject): Hypothesis {
  const subject = asLog(named(hypothesis.subject, about));
  const { cause } = hypothesis;
  return { ...hypothesis, subject, cause: { ...cause, subject: asLog(named(cause.subject, subject)) } };
}

/** Each piece of evidence that did not hold takes its share of the confidence: what rests on it falls with it. */
function enforce(facts: Facts, hypothesis: Hypothesis, prove: ReturnType<typeof createProof>): Hypothesis {
  const evidence = prove(hypothesis.evidence).filter(createMentions(facts, hypothesis));
  const cited = new Set(hypothesis.evidence.map(({ id, quote }) => `${id} ${quote}`)).size;
  const doubt = DOUBT ** (hypothesis.against?.length ?? 0);
  const weight = cited === 0 ? 0 : (hypothesis.weight * doubt * evidence.length) / cited;
  return { ...hypothesis, evidence, weight };
}

/** A hypothesis beside healthy peers and the revision before. Peers that run from the same template speak against a fault in it. */
function compared(facts: Facts, hypothesis: Hypothesis, prove: ReturnType<typeof createProof>): Hypothesis {
  const peers = withPeers(facts, hypothesis);
  const found = [peers, withRevisionBefore(facts, hypothesis.subject)].filter((one) => one !== undefined);
  const comparisons = found.map((one) => ({ ...one, evidence: prove(one.evidence) }));
  const against = peers?.speaks === 'against' ? [...(hypothesis.against ?? []), peers.says] : hypothesis.against;
  return { ...hypothesis, comparisons, ...(against === undefined ? {} : { against }) };
}

/** More faults than anybody reads; each is held against all that show on the same objects, so their number is bounded. */
const MOST_FAULTS = 1_000;

const gravest = (all: readonly Hypothesis[]): readonly Hypothesis[] =>
  all.length <= MOST_FAULTS
    ? all
    : all.toSorted((a, b) => rankOf(a.category) - rankOf(b.category) || b.weight - a.weight).slice(0, MOST_FAULTS);

/** What the rules make of a bundle: the facts, what stands, and what was too weak to compete. */
export type Findings = { facts: Facts; standing: Standing[]; weak: Hypothesis[] };

const known = new WeakMap<Facts, Findings>();

/** Made once of the same facts: all faults are asked for first, and the verdict where there is none. */
export function findIn(bundle: Bundle, reasons: readonly string[]): Findings {
  const facts = readFacts(bundle, reasons);
  const found = known.get(facts) ?? findingsOf(facts);
  known.set(facts, found);
  return found;
}

function findingsOf(facts: Facts): Findings {
  const { bundle } = facts;
  const prove = createProof(bundle);
  const read = rules
    .flatMap((rule) => rule(facts))
    .map((hypothesis) => nameable(compared(facts, hypothesis, prove), facts.subject))
    .map((hypothesis) => enforce(facts, withExpiredCertificate(facts, withDeadDependency(facts, hypothesis)), prove));
  const all = withAgentsTold(read);
  const strong = all.filter(({ weight }) => weight >= ANSWER_FROM);
  const standing = compete(facts, gravest(strong)).map((one) => ({
    ...one,
    hypothesis: ofNameServer(facts, one.hypothesis),
  }));
  return { facts, standing, weak: all.filter(({ weight }) => weight < ANSWER_FROM) };
}

/** Whether it is no object of its own that is asked about, but all that is in it. */
export const isOverview = ({ kind }: Subject): boolean => kind === 'Cluster' || kind === 'Namespace';

/** A node that carries none of the pods that were read is not what keeps them from running. */
const isElsewhere = (facts: Facts, subject: Subject): boolean =>
  subject.kind === 'Node' && facts.of('Pod').length > 0 && facts.graph.in(subject, 'runs_on').length === 0;

/** How close a fault is to what the bundle is about: 0 for its own or one that shows on it, 1 for another's. */
export function closeness(facts: Facts, { hypothesis }: Standing): number {
  const about = facts.subject;
  if (isOverview(about)) return about.kind === 'Namespace' && isElsewhere(facts, hypothesis.subject) ? 1 : 0;
  if (isSame(hypothesis.subject, about) || isSame(facts.top(about), hypothesis.subject)) return 0;
  return reachOf(facts, hypothesis).has(keyOf(about)) || isSame(hypothesis.cause.subject, about) ? 0 : 1;
}

/** The fault that stands nearest, or what is foretold of the subject: what is broken goes before what will be, but for faults of something else. */
function found(findings: Findings): Diagnosis | undefined {
  const { facts, standing } = findings;
  const far = (one: Standing) => closeness(facts, one);
  const isAbout = (one: Standing) =>
    isOverview(facts.subject) ||
    far(one) === 0 ||
    [one.hypothesis, ...one.explains].some((each) => concernsSubject(facts, each));
  const [best, ...others] = standing
    .filter(isAbout)
    .sort(
      (a, b) =>
        far(a) - far(b) ||
        rankOf(a.hypothesis.category) - rankOf(b.hypothesis.category) ||
        b.hypothesis.weight - a.hypothesis.weight,
    );
  const foreseen = best !== undefined && far(best) === 0 ? undefined : foreseenIn(facts);
  return foreseen ?? (best === undefined ? undefined : answer(best, { ...findings, others }));
}

/** Why the subject of a bundle is broken, from the bundle alone; the same bundle always gets the same answer. */
export function diagnose(bundle: Bundle, reasons: readonly string[] = []): Diagnosis {
  const findings = findIn(bundle, reasons);
  const { facts } = findings;
  const told = found(findings);
  if (told !== undefined) return told;
  const trouble = troubleIn(facts);
  const open = openInLogs(facts);
  if (!isQuiet(trouble) || open.length > 0) return abstain(findings, trouble, open);
  const unread = unreadTrouble(bundle);
  if (unread !== undefined) return overUnread(abstain(findings, trouble), unread);
  const calm = findings.weak.length === 0 ? signsOfCalm(facts) : [];
  if (calm.length > 0) return noIncident(findings, { evidence: calm, words: nothingSaid(bundle), weight: BY_LOGS });
  const order = findings.weak.length === 0 ? signsOfOrder(facts) : [];
  if (order.length > 0) return noIncident(findings, { evidence: order, words: nothingUnusual, weight: BY_LOGS });
  return bundle.objects.length > 0 || isOnlyWatched(facts) ? nothingWrong(findings) : abstain(findings, trouble);
}

/** A hypothesis that stands as a Diagnosis, with what it explains, what it left aside and what was too weak. */
export function answer(
  { hypothesis, explains }: Standing,
  { others, weak }: { others: readonly Standing[]; weak: readonly Hypothesis[] },
): Diagnosis {
  const { category, severity, subject, cause, evidence, recommendations } = hypothesis;
  return {
    category,
    severity,
    subject,
    root_cause: cause,
    confidence: round(calibrated(hypothesis.weight)),
    evidence,
    comparisons: hypothesis.comparisons ?? [],
    rejected: [
      ...explains.map((one) => ({ category: one.category, reason: `explained by ${category} of ${inFull(subject)}` })),
      ...others.map((one) => ({
        category: one.hypothesis.category,
        reason: `another fault, of ${inFull(one.hypothesis.subject)}`,
      })),
      ...weak.map(tooWeak),
    ].slice(0, 10),
    recommendations,
    advice: [],
    similar_cases: [],
    runbooks: [],
    missing_evidence: [],
    reads: [],
    status: 'answered',
  };
}

const tooWeak = ({ category, weight, against = [] }: Hypothesis) => ({
  category,
  reason: [`confidence ${round(weight)} is too low to act on`, ...against].join('; '),
});

/** Logs tell what went wrong, and seldom that nothing did. */
const BY_LOGS = 0.65;

const nothingUnusual =
  'nothing in the events is wrong: each tells of something that went its way; nothing but events was read, so this says nothing of how the objects fare';

/** What an answer by logs alone covers. */
function nothingSaid({ logs }: Bundle): string {
  const lines = logs.reduce((sum, log) => sum + log.lines.length, 0);
  const which = logs.length === 1 ? 'the log' : `the ${logs.length} logs`;
  return `nothing in ${which} is wrong: of its ${lines} lines none leaves a complaint open; nothing but ${which} was read, so this says nothing of anything else`;
}

/** What still starts or is rolled out may yet fail, so whoever looks now is told of it. */
function underWay({ bundle, health }: Facts): string {
  const [first, ...others] = bundle.objects.filter((one) => {
    const { state, line } = health(one);
    return state === 'progressing' && line !== LEAVING;
  });
  if (first === undefined) return '';
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  if (waitsForNewNode(bundle, subjectOf(first)))
    return `; ${inFull(first)}${more} waits for a node that is being added`;
  return `; ${inFull(first)}${more} may still be starting, which is not told to go wrong`;
}

/** What keeps an all-clear from being sure. */
function doubtOf(facts: Facts): { evidence: Evidence[]; words: string } | undefined {
  const complaints = doubtsInLogs(facts).slice(0, 2);
  const [said] = complaints;
  if (said !== undefined)
    return {
      evidence: complaints,
      words: `a log complains near its end, and nothing takes that back: ${said.quote.slice(0, 300)}`,
    };
  const ends = freshEnds(facts).slice(0, 2);
  const failures = freshFailures(facts);
  const words =
    ends.length > 0
      ? 'a container ended with a failure a moment ago, and has not been up for long enough since to show that it stays up'
      : 'a liveness probe failed a moment ago, after a few of which the kubelet restarts the container';
  return ends.length + failures.length === 0 ? undefined : { evidence: [...ends, ...failures], words };
}

/** Nothing that is in the bundle is wrong; with a status to say so the answer is sure, by manifests alone it is less so. */
function nothingWrong(findings: Findings): Diagnosis {
  const { facts } = findings;
  const healthy = signsOfHealth(facts);
  const evidence = healthy.length > 0 ? healthy : signsOfDesign(facts);
  const leaving = leavingUntold(facts);
  if (evidence.length === 0 || leaving.some((one) => isSame(one, facts.subject)))
    return abstain(findings, { objects: [], events: [], alerts: [] });
  const [first] = leaving;
  const open = first === undefined ? '' : `; since when ${inFull(first)} is told to go is not told`;
  const doubt = doubtOf(facts);
  if (doubt !== undefined)
    return noIncident(findings, {
      evidence: [...evidence, ...doubt.evidence],
      words: `what is there counts as healthy, finished or long past; but ${doubt.words}${open}`,
      weight: BY_LOGS,
    });
  return noIncident(findings, {
    evidence,
    words: `nothing in the evidence is wrong: what is there is healthy, finished or long past${underWay(facts)}${open}`,
    weight: healthy.length > 0 && first === undefined ? 0.9 : 0.7,
  });
}

type Calm = { evidence: readonly Evidence[]; words: string; weight: number };

const noIncident = ({ facts, weak }: Findings, { evidence, words, weight }: Calm): Diagnosis => ({
  category: 'no_incident',
  severity: 'low',
  subject: facts.subject,
  root_cause: { subject: facts.subject, description: words },
  confidence: round(calibrated(weight)),
  evidence: createProof(facts.bundle)(evidence),
  comparisons: [],
  rejected: weak.map(tooWeak).slice(0, 10),
  recommendations: [],
  advice: [],
  similar_cases: [],
  runbooks: [],
  missing_evidence: [...unchecked(facts), ...goneWriters(facts), ...leftOut(facts.bundle)],
  reads: [],
  status: 'answered',
});

/** What an answer without a cause is about: what an alert names, or all that is broken or doubtful where that belongs to one. */
function troubledSubject(facts: Facts, broken: readonly BundleObject[], weak: readonly Hypothesis[]): Subject {
  const alerted = alertedSubject(facts);
  const stands =
    broken.length > 0 ? broken.map((object) => standsFor(facts, object)) : weak.map(({ subject }) => subject);
  const [only, ...others] = [...new Map(stands.map((one) => [keyOf(one), one])).values()];
  return isOverview(alerted) && only !== undefined && others.length === 0 ? only : alerted;
}

/** What it shows is told although it does not say why. */
function closest(weak: readonly Hypothesis[], told: readonly Evidence[]): string {
  const [best] = [...weak].sort((a, b) => b.weight - a.weight);
  const shown = best?.cause.description ?? told[0]?.quote.slice(0, 300) ?? '';
  return shown === '' ? '' : `; what it shows: ${shown}`;
}

/** What a log complains of first, which a person may know how to read. */
function complaintIn(facts: Facts, log: Bundle['logs'][number]): Evidence[] {
  const one = firstComplaint(facts.statements(log));
  return one === undefined ? [] : [{ id: log.id, quote: quoteOf(one).slice(0, 500) }];
}

/** What was read may all be well: nothing is acquitted over a part that was not read and speaks of trouble. */
const overUnread = (abstention: Diagnosis, unread: string): Diagnosis => ({
  ...abstention,
  root_cause: {
    ...abstention.root_cause,
    description: `${abstention.root_cause.description}; a part could not be read: ${unread}`,
  },
});

function abstain({ facts, weak }: Findings, trouble: Trouble, open: readonly Evidence[] = []): Diagnosis {
  const { objects, events, alerts } = trouble;
  const subject = troubledSubject(facts, objects, weak);
  const said = [
    ...open,
    ...citeEvents(events, events.length),
    ...facts.bundle.logs.flatMap((log) => complaintIn(facts, log)),
    ...citeAlerts(facts.bundle.alerts.filter(({ id }) => alerts.includes(id))),
  ];
  const told = [said, disquietIn(facts), citeEvents(openWarnings(facts))].find((all) => all.length > 0) ?? [];
  return {
    category: 'unknown',
    severity: isQuiet(trouble) && weak.length === 0 ? 'low' : 'medium',
    subject,
    root_cause: { subject, description: `the evidence does not say what is wrong${closest(weak, told)}` },
    confidence: round(Math.min(ANSWER_FROM - 0.01, Math.max(0, ...weak.map(({ weight }) => weight)))),
    evidence: createProof(facts.bundle)([...weak.flatMap(({ evidence }) => evidence), ...told]).slice(0, 5),
    comparisons: [],
    rejected: weak.map(tooWeak),
    recommendations: [],
    advice: [],
    similar_cases: [],
    runbooks: [],
    ...missingEvidence(facts),
    status: 'abstained',
  };
}
