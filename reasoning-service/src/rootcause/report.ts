import type { RootCauses } from './wire.ts';

const MOST_ROWS = 10;
const MOST_IGNORED = 5;
const bases: Record<RootCauses['by'], string> = {
  budgets: 'what each node lost for the target',
  walk: 'the walk from the target over deviating callees',
  causes: 'causes of a service of its own',
  symptoms: 'symptoms alone',
  nothing: 'nothing',
};

const short = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

const change = ({ before, after }: { before: number | null; after: number | null }): string =>
  before === null || after === null ? '' : `${before} -> ${after}`;

/** What won is told by its name where it is not the metric that is named. */
const reasonOf = (evidence: RootCauses['ranked'][number]['evidence'][number], metric: string): string =>
  evidence.kind === 'missing'
    ? 'nothing of it is measured since the onset, or zeros alone'
    : `${evidence.kind}${evidence.metric === metric ? '' : ` ${evidence.metric}`} ${evidence.deviation} scales ${change(evidence)}`;

/** A short table for people; `ignored` are columns that could not be read as a metric of an entity. */
export function reportOf(answer: RootCauses, ignored: readonly string[]): string {
  const head = `onset ${answer.onset ?? 'none'}${answer.onset_found ? ' (found)' : ''}`;
  const more = ignored.length > MOST_IGNORED ? ', …' : '';
  const skipped =
    ignored.length === 0 ? [] : [`${ignored.length} not used: ${ignored.slice(0, MOST_IGNORED).join(', ')}${more}`];
  if (answer.status === 'empty') return [head, `no root cause: ${answer.reason}`, ...skipped, ''].join('\n');
  const width = Math.min(48, Math.max(6, ...answer.ranked.slice(0, MOST_ROWS).map(({ entity }) => entity.length)));
  const rows = answer.ranked.slice(0, MOST_ROWS).map(({ rank, entity, score, metric, evidence }) => {
    const [first] = evidence;
    const why = first === undefined ? '' : reasonOf(first, metric);
    return `${String(rank).padStart(4)}  ${short(entity, width).padEnd(width)}  ${String(score).padStart(12)}  ${short(metric, 40).padEnd(40)}  ${why}`.trimEnd();
  });
  const coverage = answer.coverage === null ? '' : `, explains ${Math.round(answer.coverage * 100)} % of the loss`;
  return [
    head,
    `confidence ${answer.confidence} (${answer.strength}) by ${bases[answer.by]}${coverage}`,
    `rank  ${'entity'.padEnd(width)}  ${'score'.padStart(12)}  ${'metric'.padEnd(40)}  evidence`,
    ...rows,
    ...answer.notes.map((note) => `note: ${note}`),
    ...skipped,
    '',
  ].join('\n');
}
