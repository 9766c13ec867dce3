import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  attachSimulated,
  type Fleet,
  judge,
  openHome,
  portVariables,
  type SimulatedCluster,
  serviceNames,
  startFleet,
  startSimulatedCluster,
  strays,
} from '@aetherius/local';
import { COMMANDS_ANNOTATION, type IncidentState } from '@aetherius/shared/contracts';
import { sleep } from '@aetherius/shared/service';
import { eventually, freePort } from '@aetherius/shared/testing';
import { afterAll, expect, it } from '@jest/globals';
import { z } from 'zod';

const home = mkdtempSync(join(tmpdir(), 'aetherius-home-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

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

it('loses nothing, doubles nothing and gets nothing stuck when the manager and the orchestrator are killed', async () => {
  const { signal } = new AbortController();
  const ports = Object.fromEntries(
    await Promise.all(serviceNames.map(async (name) => [portVariables[name], String(await freePort())])),
  );
  const fleet = await startFleet({
    home: openHome(home),
    env: { ...process.env, ...ports },
    say: () => undefined,
    signal,
  });
  const cluster = await startSimulatedCluster();
  try {
    await attachSimulated({ fleet, cluster, allowChanges: true, signal });
    await Promise.all([breakOneByOne(cluster), killRepeatedly(fleet)]);
    await eventually(
      async () => {
        const incidents = await fleet.api.incidents();
        const problems = cluster.faults.flatMap(({ name, expected }) =>
          judge(name, expected, incidents).problems.map((problem) => `${name}: ${problem}`),
        );
        expect(problems).toEqual([]);
        expect(
          strays(
            cluster.faults.map(({ expected }) => expected),
            incidents,
          ),
        ).toEqual([]);
      },
      { within: 240_000 },
    );
    const runs = await executions(fleet);
    expect(runs.filter(({ status }) => !['done', 'failed', 'cancelled'].includes(status))).toEqual([]);
    const keys = runs.map(({ incident_id, episode }) => `${incident_id}:${episode}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { name, expected } of cluster.faults.filter((fault) => fault.expected.action !== null)) {
      const { kind, namespace, name: object } = expected.subject;
      const marks = (cluster.read(kind, namespace, object)?.metadata.annotations?.[COMMANDS_ANNOTATION] ?? '')
        .split(',')
        .filter((mark) => mark !== '');
      expect({ name, marks: marks.length }).toEqual({ name, marks: 1 });
    }
  } finally {
    await fleet.stop();
    await cluster.stop();
  }
}, 420_000);
