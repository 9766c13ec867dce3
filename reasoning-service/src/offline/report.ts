import type { Diagnosis, Subject } from '@aetherius/shared/contracts';
import type { ClusterHealth } from '../diagnosis/cluster-health.ts';
import type { Moment } from '../intake/moment.ts';
import type { Unread } from '../intake/reading.ts';
import { commandOf } from './command-of.ts';
import { healthInWords } from './health-words.ts';

/** What a report is made of; the health check is there where a cluster or a part of it was read. */
type Reported = Diagnosis & {
  further_findings: Diagnosis[];
  health?: ClusterHealth;
  unread: Unread[];
  cut: string[];
  moment?: Moment;
};

const shown = ({ kind, namespace, name }: Subject): string =>
  namespace === null ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;

/** A short report in Markdown: each fault with its cause, what shows it and what would help. */
export function reportOf(findings: Reported): string {
  const all = [findings, ...findings.further_findings];
  const sections = all.map((finding, index) => section(finding, all.length > 1 ? `${index + 1}. ` : ''));
  const health = findings.health === undefined ? [] : list('Health', healthInWords(findings.health));
  const { unread, ...read } = findings;
  // What was not read may be just what is wrong, so an answer that names no fault says so before anything else.
  const isOpen = findings.category === 'no_incident' || findings.status === 'abstained';
  const first = isOpen ? unreadIn(unread) : [];
  const last = isOpen ? limits({ ...read, unread: [] }) : limits(findings);
  return `${[heading(findings, all.length), ...first, ...health, ...sections, ...last].join('\n\n')}\n`;
}

const unreadIn = (unread: readonly Unread[]): string[] =>
  list(
    'Could not be read',
    unread.map(({ file, reason }) => `${file}: ${reason}`),
  );

function heading(main: Reported, count: number): string {
  const isByLogs = main.evidence.length > 0 && main.evidence.every(({ id }) => id.startsWith('log:'));
  if (main.category === 'no_incident')
    return `# Nothing is wrong${isByLogs ? ' in the log' : main.unread.length > 0 ? ' in what could be read' : ''}`;
  if (main.status === 'abstained') return '# The evidence does not say what is wrong';
  return count === 1 ? '# One fault' : `# ${count} faults`;
}

function section(finding: Diagnosis, number: string): string {
  const { category, severity, subject, confidence, root_cause: cause } = finding;
  const where = shown(cause.subject) === shown(subject) ? '' : ` (cause: ${shown(cause.subject)})`;
  return [
    `## ${number}${shown(subject)}: ${category}`,
    `${cause.description}${where}`,
    // Where nothing is shown at all there is nothing that could be grave.
    ...(finding.status === 'abstained' && confidence === 0 ? [] : [`Severity ${severity}, confidence ${confidence}.`]),
    ...inWords(finding),
    ...byMetrics(finding),
    ...list(
      'Evidence',
      finding.evidence.map(({ id, quote }) => `\`${id}\`: ${oneLine(quote)}`),
    ),
    ...list(
      'Beside what is healthy',
      finding.comparisons.map(
        ({ says, speaks }) => `${oneLine(says)}${speaks === 'neither' ? '' : ` (speaks ${speaks} it)`}`,
      ),
    ),
    ...list('What would help', helpOf(finding)),
    ...list(
      'Runbooks',
      finding.runbooks.map(({ id, title, why }) => `${title} (\`runbooks/${id}.md\`, ${why})`),
    ),
    ...list(
      'Not the cause',
      finding.rejected.map((one) => `${one.category}: ${one.reason}`),
    ),
    ...list('What is missing to be sure', finding.missing_evidence),
  ].join('\n\n');
}

/** A language model's words, marked as such; where they could not be had, why not. */
function inWords({ explanation }: Diagnosis): string[] {
  if (explanation === null || explanation === undefined) return [];
  const { text, model, language, degraded_reason: reason } = explanation;
  if (text === null) return [`No explanation: ${reason}.`];
  const rest = language === 'en' ? [] : ['Only this explanation is in the language asked for; all else is in English.'];
  return [`In the words of ${model}:`, text, ...rest];
}

/** What the metrics say, each entity with the series that speak for it; where they say nothing, why. */
function byMetrics({ metric_causes: causes }: Diagnosis): string[] {
  if (causes === null || causes === undefined) return [];
  if (causes.status === 'empty') return [`The metrics (${causes.series} series) name no cause: ${causes.reason}.`];
  const target = causes.target === null ? '' : ` of ${causes.target.metric} at ${causes.target.entity}`;
  return list(
    `What the metrics say is the cause${target} since ${causes.onset} (confidence ${causes.confidence}, ${causes.strength})`,
    causes.ranked.map(
      ({ subject, evidence }) =>
        `${shown(subject)}: ${evidence.map(({ id, quote }) => `\`${id}\`: ${oneLine(quote)}`).join('; ')}`,
    ),
  );
}

/** Whoever is called at night wants to know what to type, and only then why. */
const typed = (command: string | null, words: string): string =>
  command === null ? words : `\`${command}\` — ${words}`;

const repair = (one: Diagnosis['recommendations'][number]): string =>
  typed(
    commandOf(one),
    `${one.action} on ${shown(one.target)} (risk ${one.risk}${one.rollback === null ? '' : `, undone by ${one.rollback}`}): ${one.reason}`,
  );

const advised = ({ title, steps, look }: Diagnosis['advice'][number]): string =>
  [typed(look === null ? null : commandOf(look), title), ...steps.map((step) => `  - ${step}`)].join('\n');

/** What an agent can do and what people can do in one order, for one rank is computed of both. */
const helpOf = ({ recommendations, advice }: Diagnosis): string[] =>
  [
    ...recommendations.map((one) => ({ score: one.score ?? 0, words: repair(one) })),
    ...advice.map((one) => ({ score: one.score, words: advised(one) })),
  ]
    .toSorted((a, b) => b.score - a.score)
    .map(({ words }) => words);

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 300);

const list = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`${title}:\n${items.map((item) => `- ${item}`).join('\n')}`];

/** Whether something is late or long past hangs on it, so a guess is said. */
function guessed({ at, since, until }: Partial<Moment>): string[] {
  if (until !== undefined)
    return [
      `Taken at ${at}, the latest time in it, or at any time until ${until}. With --at TIME it is judged as of one time.`,
    ];
  return since === undefined
    ? []
    : [
        `Taken to be of ${at}, by the clock: the latest time in it is ${since}. With --at TIME it is judged as of another time.`,
      ];
}

function limits({ unread, cut, moment }: Pick<Reported, 'unread' | 'cut' | 'moment'>): string[] {
  const parts = [...guessed(moment ?? {}), ...unreadIn(unread), ...list('Left out', cut)];
  return parts.length === 0 ? [] : ['## What this answer rests on', ...parts];
}
