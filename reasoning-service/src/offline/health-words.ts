import type { ClusterHealth } from '../diagnosis/cluster-health.ts';

const list = (words: readonly string[]): string => (words.length === 0 ? '' : ` (${words.join(', ')})`);

const named = (what: string, words: readonly string[]): string => (words.length === 0 ? '' : `${what}${list(words)}`);

const counts = (of: Record<string, number>): string =>
  Object.entries(of)
    .sort(([, a], [, b]) => b - a)
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');

type Tally = NonNullable<ClusterHealth['system_pods']>;
const tally = ({ total, well, starting, unwell }: Tally): string =>
  `${well} of ${total} well${list(unwell)}${starting === 0 ? '' : `, ${starting} starting`}`;

/** The health check as lines of a report; what was not read is left out. */
export function healthInWords(health: ClusterHealth): string[] {
  const { status, nodes, pods, control_plane: control, system_pods: system, workloads, findings } = health;
  const kinds = Object.entries(workloads).map(([kind, of]) => `${kind}s: ${tally(of)}`);
  return [
    `Status: ${status}`,
    ...(nodes === null
      ? []
      : [
          `Nodes: ${nodes.ready} of ${nodes.total} ready${[
            list(nodes.not_ready.map((name, at) => (at === 0 ? `not ${name}` : name))),
            named(
              ', ready but not well',
              nodes.unwell.filter((name) => !nodes.not_ready.includes(name)),
            ),
            named(', cordoned', nodes.cordoned),
          ].join('')}`,
        ]),
    ...(pods === null ? [] : [`Pods: ${pods.total}: ${counts(pods.by_phase)}; by state ${counts(pods.by_health)}`]),
    ...(control === null ? [] : [`Control plane: ${tally(control)}`]),
    ...(system === null ? [] : [`Pods of kube-system: ${tally(system)}`]),
    ...kinds,
    `Faults: ${counts(findings)}`,
  ];
}
