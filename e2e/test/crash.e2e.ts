import { attachSimulated, type Fleet, judge, type SimulatedCluster, strays } from '@aetherius/local';
import { COMMANDS_ANNOTATION, type IncidentState, type Subject } from '@aetherius/shared/contracts';
import { sleep } from '@aetherius/shared/service';
import { eventually } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { withFleet } from '../src/test-fleet.ts';

const Executions = z.object({
  items: z.array(z.object({ incident_id: z.string().nullable(), episode: z.number().nullable(), status: z.string() })),
});

async function executions(fleet: Fleet) {
  const answer = await fetch(`${fleet.urls['orchestrator-service']}/api/v1/executions?limit=200`, {
    headers: { authorization: `Bearer ${await fleet.api.token()}` },
  });
  return Executions.parse(await answer.json()).items;
}

/** One fault after the other: what is broken already must not be taken for the cause of what breaks next. */
async function breakOneByOne({ faults }: SimulatedCluster): Promise<void> {
  for (const fault of faults) {
    fault.inject();
    await sleep(1_500);
  }
}

type Killing = { name: 'agent-manager' | 'orchestrator-service'; states: readonly IncidentState[] };

/** Each kill waits until some incident is where a lost or doubled step would hurt. */
const kills: readonly Killing[] = [
  { name: 'agent-manager', states: ['open', 'explaining'] },
  { name: 'orchestrator-service', states: ['explaining', 'repairing'] },
  { name: 'orchestrator-service', states: ['repairing', 'verifying'] },
  { name: 'agent-manager', states: ['repairing', 'verifying'] },
];

async function killRepeatedly(fleet: Fleet): Promise<void> {
  for (const { name, states } of kills) {
    await eventually(async () => {
      const found = await fleet.api.incidents();
      expect(found.filter(({ state }) => states.includes(state)).length).toBeGreaterThan(0);
    });
    await fleet.crash(name);
    await sleep(1_000);
  }
}

/** Problems that are left with the faults: each found once, judged rightly and dealt with as expected. */
async function problemsNow({ api }: Fleet, { faults }: SimulatedCluster): Promise<unknown[]> {
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

it(
  'loses nothing, doubles nothing and gets nothing stuck when the manager and the orchestrator are killed',
  () =>
    withFleet(async ({ fleet, cluster, signal }) => {
      await attachSimulated({ fleet, cluster, allowChanges: true, signal });
      await Promise.all([breakOneByOne(cluster), killRepeatedly(fleet)]);
      await eventually(async () => expect(await problemsNow(fleet, cluster)).toEqual([]), { within: 240_000 });
      const runs = await executions(fleet);
      expect(runs.filter(({ status }) => !['done', 'failed', 'cancelled'].includes(status))).toEqual([]);
      const keys = runs.map(({ incident_id, episode }) => `${incident_id}:${episode}`);
      expect(new Set(keys).size).toBe(keys.length);
      for (const { name, expected } of cluster.faults.filter((fault) => fault.expected.action !== null))
        expect({ name, marks: marksOn(cluster, expected.subject) }).toEqual({ name, marks: 1 });
    }),
  420_000,
);
