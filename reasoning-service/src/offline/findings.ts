import type { Bundle, BundleEvent, Diagnosis } from '@aetherius/shared/contracts';
import { redactDeep } from '@aetherius/shared/redact';
import { diagnose } from '../diagnosis/diagnose.ts';
import { readFacts } from '../diagnosis/facts.ts';
import { type ClusterHealth, clusterHealth } from '../diagnosis/health/cluster-health.ts';
import { textAt } from '../diagnosis/json-path.ts';
import { fileOf } from '../diagnosis/unplaced-log.ts';
import { assemble, assumedNamespace } from '../intake/assemble.ts';
import { clockOf, type Moment, takenAt } from '../intake/moment.ts';
import { isEmpty, joined, type Source, type Unread } from '../intake/reading.ts';
import { recognise } from '../intake/recognise.ts';
import { whoIsMeant } from '../intake/unnamed.ts';
import { createReportMask } from '../llm/secrets.ts';
import { type Advised, advised, type Shelf } from './advise.ts';
import { findingsBetween, findingsOf } from './taken-when.ts';

/** Of an event what its quote does not say. */
export type CitedEvent = Omit<BundleEvent, 'message' | 'component'>;

/** The Diagnosis of the main cause, with the other faults beside it, the health check, and what could not be read. */
export type Findings = Advised & {
  further_findings: Advised[];
  /** The events that the evidence quotes: of what, how often and since when. */
  cited_events: CitedEvent[];
  health: ClusterHealth;
  unread: Unread[];
  cut: string[];
  /** When the evidence was taken, and the latest time in it where the clock had to tell that. */
  moment: Moment;
  /** The namespace that was taken where nothing names one. */
  assumed_namespace: string | null;
};

/** `later`: the same as of the latest time at which it may have been taken, where that is open. */
type Read = {
  bundle: Bundle | undefined;
  later?: Bundle;
  unread: Unread[];
  secrets: string[];
  moment: Moment;
  assumedNamespace: string | null;
};

/** Everything that was read, as one bundle, or undefined when none of it could be; `told` is when it was taken, where somebody says so. */
export function bundleOf(sources: readonly Source[], now: string, told?: string): Read {
  const clock = clockOf(
    sources.map(({ modified }) => modified),
    now,
  );
  const texts = sources.map(({ text }) => text);
  const moment = told === undefined ? takenAt(texts, now, clock) : { at: told };
  const { at } = moment;
  const found = joined(sources.map((source) => recognise(source, at)));
  // Alerts that are over are an answer too: they are counted among what was left out.
  const isBlank = isEmpty(found) && Object.keys(found.stated).length === 0 && found.cut.length === 0;
  const { unread, secrets } = found;
  const read = { unread, secrets, moment, assumedNamespace: assumedNamespace(found) };
  if (isBlank) return { ...read, bundle: undefined };
  const bundle = assemble(found, at);
  if (bundle.at !== at) return { ...read, bundle, moment: { at: bundle.at } };
  const { until } = moment;
  // Ages count back from the time that it was taken, so all of it is read anew.
  const later =
    until === undefined ? {} : { later: assemble(joined(sources.map((source) => recognise(source, until))), until) };
  return { ...read, bundle, ...later };
}

/** More than anybody reads at once; the health check counts all. */
const MOST_FINDINGS = 100;

type Asked = Omit<Read, 'bundle' | 'moment'> & { bundle: Bundle; shelf: Shelf; moment?: Moment };

/** What is wrong in a bundle, and what to do about it. Quotes leave through the redaction, since a report is made to be passed on. */
export function findingsIn({ bundle, later, shelf, moment = { at: bundle.at }, ...read }: Asked): Findings {
  const { unread } = read;
  const all = later === undefined ? findingsOf(bundle) : findingsBetween(bundle, later);
  const found = all.filter(whoAsks(bundle));
  const facts = readFacts(bundle);
  const [main = diagnose(bundle), ...further] = found;
  const told = (finding: Diagnosis): Advised => {
    const one = advised(finding, facts, shelf);
    // What was left out is told once, for all findings.
    const missing = one.missing_evidence.filter((line) => !bundle.cut.includes(line));
    return { ...one, missing_evidence: [...whoIsMeant(finding.subject), ...missing] };
  };
  const others = further.slice(0, MOST_FINDINGS - 1);
  const more = further.length - others.length;
  const cut = [
    ...bundle.cut.filter((line) => !unread.some(({ file, reason }) => line === `${file}: ${reason}`)),
    ...logsOfNobody(bundle, [main, ...further]),
  ];
  const findings = {
    ...told(main),
    further_findings: others.map(told),
    cited_events: citedEvents(bundle, [main, ...others]),
    health: clusterHealth(facts, [main, ...further]),
    unread,
    cut: more === 0 ? cut : [...cut, `${more} of ${found.length} findings, none of them graver than those told`],
    moment,
    assumed_namespace: read.assumedNamespace,
  };
  return redactDeep(findings, createReportMask(bundle, read.secrets));
}

function citedEvents({ events }: Bundle, findings: readonly Diagnosis[]): CitedEvent[] {
  const cited = new Set(findings.flatMap(({ evidence }) => evidence.map(({ id }) => id)));
  return events.filter(({ id }) => cited.has(id)).map(({ message: _, component: __, ...event }) => event);
}

/** Who asks about a namespace is not told of nodes that none of its pods is on. */
function whoAsks({ subject, objects, complete }: Bundle): (finding: Diagnosis) => boolean {
  const asksOfNamespace =
    subject.kind === 'Namespace' && complete.includes(`Pod/${subject.name}`) && complete.includes('Node');
  if (!asksOfNamespace) return () => true;
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  const nodes = new Set(pods.map(({ body }) => textAt(body, 'spec.nodeName')));
  return (finding) => finding.subject.kind !== 'Node' || nodes.has(finding.subject.name);
}

/** Logs that stand beside objects or events, that nothing gives to any of them and that no answer quotes. */
function logsOfNobody({ objects, events, logs }: Bundle, findings: readonly Diagnosis[]): string[] {
  if (objects.length + events.length === 0) return [];
  const quoted = new Set(findings.flatMap(({ evidence }) => evidence.map(({ id }) => id)));
  return logs.flatMap(({ id, pod, lines }) => {
    const file = fileOf(pod);
    if (file === undefined || quoted.has(id)) return [];
    return [`${file}: nothing tells which pod wrote its ${lines.length} lines, and no answer rests on them`];
  });
}
