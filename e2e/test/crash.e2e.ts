import { attachSimulated, type Fleet, type SimulatedCluster } from '@aetherius/local';
import type { IncidentState } from '@aetherius/shared/contracts';
import { sleep } from '@aetherius/shared/service';
import { eventually } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { executions, notOnce, problemsNow, unfinished } from '../src/fleet-checks.ts';
import { withFleet } from '../src/test-fleet.ts';

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

it(
  'loses nothing, doubles nothing and gets nothing stuck when the manager and the orchestrator are killed',
  () =>
    withFleet(async ({ fleet, cluster, signal }) => {
      await attachSimulated({ fleet, cluster, allowChanges: true, signal });
      await Promise.all([breakOneByOne(cluster), killRepeatedly(fleet)]);
      await eventually(async () => expect(await problemsNow(fleet, cluster)).toEqual([]), { within: 240_000 });
      const runs = await executions(fleet);
      expect(unfinished(runs)).toEqual([]);
      const keys = runs.map(({ incident_id, episode }) => `${incident_id}:${episode}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(notOnce(cluster)).toEqual([]);
    }),
  420_000,
);
