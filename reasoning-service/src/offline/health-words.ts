import type { Severity } from '@aetherius/shared/contracts';
import type { ClusterHealth } from '../diagnosis/health/cluster-health.ts';
import type { Words } from './report-words.ts';

const list = (names: readonly string[]): string => (names.length === 0 ? '' : ` (${names.join(', ')})`);

const named = (what: string, names: readonly string[]): string => (names.length === 0 ? '' : `${what}${list(names)}`);

const counts = (of: Record<string, number>): string =>
  Object.entries(of)
    .sort(([, a], [, b]) => b - a)
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');

type Tally = NonNullable<ClusterHealth['system_pods']>;
const tally = (words: Words, { total, well, starting, unwell }: Tally): string =>
  `${words.well(well, total)}${list(unwell)}${starting === 0 ? '' : words.starting(starting)}`;

/** A CronJob has no status that says how it fares, nor has a workload of which only the manifest was read. */
const ofWorkloads = (words: Words, of: Tally): string =>
  of.well + of.starting + of.unwell.length === 0 ? words.untold(of.total) : tally(words, of);

type Nodes = NonNullable<ClusterHealth['nodes']>;
const ofNodes = (words: Words, { ready, total, not_ready, unwell, cordoned }: Nodes): string =>
  [
    words.nodes(ready, total),
    list(not_ready.map((name, at) => (at === 0 ? words.not_ready(name) : name))),
    named(
      words.unwell,
      unwell.filter((name) => !not_ready.includes(name)),
    ),
    named(words.cordoned, cordoned),
  ].join('');

/** The health check as lines of a report; what was not read is left out. */
export function healthInWords(health: ClusterHealth, words: Words): string[] {
  const { status, nodes, pods, control_plane: control, system_pods: system, workloads, findings } = health;
  const graded = Object.entries(findings).map(
    ([grade, count]) =>
      `${count} ${grade === 'unknown' ? words.health_states.unknown : words.severities[grade as Severity]}`,
  );
  return [
    words.health_status(words.health_states[status]),
    ...(nodes === null ? [] : [ofNodes(words, nodes)]),
    ...(pods === null ? [] : [words.pods(pods.total, counts(pods.by_phase), counts(pods.by_health))]),
    ...(control === null ? [] : [words.control_plane(tally(words, control))]),
    ...(system === null ? [] : [words.system_pods(tally(words, system))]),
    ...Object.entries(workloads).map(([kind, of]) => words.workloads(kind, ofWorkloads(words, of))),
    words.found(graded.join(', ')),
  ];
}
