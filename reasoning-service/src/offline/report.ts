import type { Diagnosis, Subject } from '@aetherius/shared/contracts';
import type { ClusterHealth } from '../diagnosis/health/cluster-health.ts';
import type { Moment } from '../intake/moment.ts';
import type { Unread } from '../intake/reading.ts';
import type { Language } from '../llm/languages.ts';
import { commandOf } from './command-of.ts';
import type { CitedEvent } from './findings.ts';
import { healthInWords } from './health-words.ts';
import { reportWords, type Words } from './report-words.ts';

/** What a report is made of; the health check is there where a cluster or a part of it was read. */
type Reported = Diagnosis & {
  further_findings: Diagnosis[];
  cited_events?: CitedEvent[];
  health?: ClusterHealth;
  unread: Unread[];
  cut: string[];
  moment?: Moment;
  assumed_namespace?: string | null;
};

const shown = ({ kind, namespace, name }: Subject): string =>
  namespace === null ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;

/** A short report in Markdown: each fault with its cause, what shows it and what would help. What the rules say stays English. */
export function reportOf(findings: Reported, language: Language = 'en'): string {
  const words = reportWords[language];
  const all = [findings, ...findings.further_findings];
  const events = new Map(findings.cited_events?.map((event) => [event.id, event]));
  const sections = all.map((finding, index) =>
    section({ words, events }, finding, all.length > 1 ? `${index + 1}. ` : ''),
  );
  const health = findings.health === undefined ? [] : list(words.health, healthInWords(findings.health, words));
  const { unread, ...read } = findings;
  // What was not read may be just what is wrong, so an answer that names no fault says so before anything else.
  const isOpen = findings.category === 'no_incident' || findings.status === 'abstained';
  const note = words.note === null ? [] : [words.note];
  const first = isOpen ? unreadIn(words, unread) : [];
  const last = limits(words, isOpen ? { ...read, unread: [] } : findings);
  return `${[heading(words, findings, all.length), ...note, ...first, ...health, ...sections, ...last].join('\n\n')}\n`;
}

const unreadIn = (words: Words, unread: readonly Unread[]): string[] =>
  list(
    words.unread,
    unread.map(({ file, reason }) => `${file}: ${reason}`),
  );

function heading(words: Words, main: Reported, count: number): string {
  const isByLogs = main.evidence.length > 0 && main.evidence.every(({ id }) => id.startsWith('log:'));
  if (main.category !== 'no_incident')
    return `# ${main.status === 'abstained' ? words.undecided : words.faults(count)}`;
  if (isByLogs) return `# ${words.nothing_wrong_in_log}`;
  return `# ${main.unread.length > 0 ? words.nothing_wrong_in_read : words.nothing_wrong}`;
}

type Telling = { words: Words; events: ReadonlyMap<string, CitedEvent> };

function section({ words, events }: Telling, finding: Diagnosis, number: string): string {
  const { category, subject, root_cause: cause } = finding;
  const where = shown(cause.subject) === shown(subject) ? '' : words.cause(shown(cause.subject));
  return [
    `## ${number}${shown(subject)}: ${category}`,
    `${cause.description}${where}`,
    ...gradeOf(words, finding),
    ...inWords(words, finding),
    ...byMetrics(words, finding),
    ...list(
      words.evidence,
      finding.evidence.map(({ id, quote }) => `\`${id}\`${whichEvent(words, events.get(id))}: ${oneLine(quote)}`),
    ),
    ...list(
      words.compared,
      finding.comparisons.map(({ says, speaks }) => `${oneLine(says)}${words.speaks[speaks]}`),
    ),
    ...list(words.remedies, helpOf(words, finding)),
    ...list(
      words.runbooks,
      finding.runbooks.map(({ id, title, why }) => `${title} (\`runbooks/${id}.md\`, ${why})`),
    ),
    ...list(
      words.rejected,
      finding.rejected.map((one) => `${one.category}: ${one.reason}`),
    ),
    ...list(words.missing, finding.missing_evidence),
  ].join('\n\n');
}

/** Where nothing is wrong, or nothing is shown at all, there is nothing that could be grave. */
function gradeOf(words: Words, { category, status, severity, confidence }: Diagnosis): string[] {
  if (status === 'abstained' && confidence === 0) return [];
  return [category === 'no_incident' ? words.sure(confidence) : words.graded(words.severities[severity], confidence)];
}

const whichEvent = (words: Words, event: CitedEvent | undefined): string =>
  event === undefined
    ? ''
    : words.event(`${event.reason} ${shown(event)}`, event.count, event.first_timestamp, event.last_timestamp);

/** A language model's words, marked as such; where they could not be had, why not. */
function inWords(words: Words, { explanation }: Diagnosis): string[] {
  if (explanation === null || explanation === undefined) return [];
  const { text, model, degraded_reason: reason } = explanation;
  return text === null ? [words.not_explained(`${reason}`)] : [words.explained_by(model), text];
}

/** What the metrics say, each entity with the series that speak for it; where they say nothing, why. */
function byMetrics(words: Words, { metric_causes: causes }: Diagnosis): string[] {
  if (causes === null || causes === undefined) return [];
  if (causes.status === 'empty') return [words.metrics_silent(causes.series, `${causes.reason}`)];
  const target = causes.target === null ? '' : words.metrics_target(causes.target.metric, causes.target.entity);
  return list(
    words.metrics_say(target, `${causes.onset}`, `${causes.confidence}, ${causes.strength}`),
    causes.ranked.map(
      ({ subject, evidence }) =>
        `${shown(subject)}: ${evidence.map(({ id, quote }) => `\`${id}\`: ${oneLine(quote)}`).join('; ')}`,
    ),
  );
}

/** Whoever is called at night wants to know what to type, and only then why. */
const typed = (command: string | null, words: string): string =>
  command === null ? words : `\`${command}\` — ${words}`;

function repair(words: Words, one: Diagnosis['recommendations'][number]): string {
  const { action, target, risk, rollback, reason } = one;
  const undone = rollback === null ? '' : words.undone_by(rollback);
  return typed(commandOf(one), `${words.repair(action, shown(target), words.severities[risk])}${undone}): ${reason}`);
}

/** What is to be done is seldom what is to be typed: the command only reads what somebody has to see before. */
function advised(words: Words, { title, steps, look }: Diagnosis['advice'][number]): string {
  const command = look === null ? null : commandOf(look);
  const first = command === null ? [] : [words.look_first(`\`${command}\``)];
  return [title, ...[...first, ...steps].map((step) => `  - ${step}`)].join('\n');
}

/** What an agent can do and what people can do in one order, for one rank is computed of both. */
const helpOf = (words: Words, { recommendations, advice }: Diagnosis): string[] =>
  [
    ...recommendations.map((one) => ({ score: one.score ?? 0, said: repair(words, one) })),
    ...advice.map((one) => ({ score: one.score, said: advised(words, one) })),
  ]
    .toSorted((a, b) => b.score - a.score)
    .map(({ said }) => said);

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 300);

const list = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`${title}:\n${items.map((item) => `- ${item}`).join('\n')}`];

/** Whether something is late or long past hangs on it, so a guess is said. */
function guessed(words: Words, { at = '', since, until }: Partial<Moment>): string[] {
  if (until !== undefined) return [words.taken_until(at, until)];
  return since === undefined ? [] : [words.taken_by_clock(at, since)];
}

type Limits = Pick<Reported, 'unread' | 'cut' | 'moment' | 'assumed_namespace'>;

function limits(words: Words, { unread, cut, moment, assumed_namespace: assumed }: Limits): string[] {
  const where = assumed === null || assumed === undefined ? [] : [words.namespace_assumed(assumed)];
  const parts = [...guessed(words, moment ?? {}), ...where, ...unreadIn(words, unread), ...list(words.left_out, cut)];
  return parts.length === 0 ? [] : [`## ${words.rests_on}`, ...parts];
}
