import { attachSimulated, serviceNames } from '@aetherius/local';
import { eventually } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { executions, notOnce, problemsNow, unfinished } from '../src/fleet-checks.ts';
import { repairable, withFleet } from '../src/test-fleet.ts';

const doubled = ['orchestrator-service', 'reasoning-service', 'agent-manager'] as const;

it(
  'loses nothing, doubles nothing and gets nothing stuck when every service is restarted one after the other',
  () =>
    withFleet(async ({ fleet, cluster: all, signal }) => {
      const cluster = repairable(all, 3);
      for (const name of doubled) await fleet.addReplica(name);
      await attachSimulated({ fleet, cluster, allowChanges: true, signal });
      for (const fault of cluster.faults) fault.inject();
      await eventually(async () => expect(unfinished(await executions(fleet))).not.toEqual([]), { within: 60_000 });
      for (const name of serviceNames) await fleet.restart(name);
      await eventually(async () => expect(await problemsNow(fleet, cluster)).toEqual([]), { within: 120_000 });
      const runs = await executions(fleet);
      expect(unfinished(runs)).toEqual([]);
      expect(new Set(runs.map(({ incident_id, episode }) => `${incident_id}:${episode}`)).size).toBe(runs.length);
      expect(notOnce(cluster)).toEqual([]);
      expect(fleet.trouble()).toBeUndefined();
    }),
  420_000,
);
