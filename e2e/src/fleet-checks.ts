import { type Fleet, judge, type SimulatedCluster, strays } from '@aetherius/local';
import { COMMANDS_ANNOTATION, type Subject } from '@aetherius/shared/contracts';
import { z } from 'zod';

const Executions = z.object({
  items: z.array(z.object({ incident_id: z.string().nullable(), episode: z.number().nullable(), status: z.string() })),
});
type Execution = z.infer<typeof Executions>['items'][number];

/** The runs of a fleet. */
export async function executions(fleet: Fleet): Promise<Execution[]> {
  const answer = await fetch(`${fleet.urls['orchestrator-service']}/api/v1/executions?limit=200`, {
    headers: { authorization: `Bearer ${await fleet.api.token()}` },
  });
  return Executions.parse(await answer.json()).items;
}

/** Runs that have not come to an end. */
export const unfinished = (runs: readonly Execution[]): Execution[] =>
  runs.filter(({ status }) => !['done', 'failed', 'cancelled'].includes(status));

/** Problems that are left with the faults: each found once, judged rightly and dealt with as expected. */
export async function problemsNow({ api }: Fleet, { faults }: Pick<SimulatedCluster, 'faults'>): Promise<unknown[]> {
  const incidents = await api.incidents();
  const wrong = faults.flatMap(({ name, expected }) =>
    judge(name, expected, incidents).problems.map((problem) => `${name}: ${problem}`),
  );
  const expected = faults.map((fault) => fault.expected);
  return [...wrong, ...strays(expected, incidents)];
}

const marksOn = (cluster: SimulatedCluster, { kind, namespace, name }: Subject): number =>
  (cluster.read(kind, namespace, name)?.metadata.annotations?.[COMMANDS_ANNOTATION] ?? '')
    .split(',')
    .filter((mark) => mark !== '').length;

/** Faults of which the cluster itself says that they were not repaired exactly once. */
export const notOnce = (cluster: SimulatedCluster): { name: string; marks: number }[] =>
  cluster.faults
    .filter(({ expected }) => expected.action !== null)
    .map(({ name, expected }) => ({ name, marks: marksOn(cluster, expected.subject) }))
    .filter(({ marks }) => marks !== 1);
