import { systemClock as clock, newId, sleep } from '@aetherius/shared/service';
import { type SimulatedCluster, startSimulatedCluster as startCluster } from '@aetherius/simulator';
import type { Fleet } from './fleet.ts';

export type { SimulatedCluster };

/** A simulated cluster in this process, on a free port of the loopback address. */
export const startSimulatedCluster = (): Promise<SimulatedCluster> => startCluster({ clock, newId });

/** A roll back goes only to a revision that was seen healthy for a few seconds, so the agent needs as long before anything breaks. */
const SEEN_HEALTHY_MS = 6_000;

type Attaching = { fleet: Fleet; cluster: SimulatedCluster; allowChanges: boolean; signal: AbortSignal };

/** Gives the fleet the simulated cluster and lets the agent see what it is like while all is well. */
export async function attachSimulated({ fleet, cluster, allowChanges, signal }: Attaching): Promise<void> {
  await fleet.attach({
    // Another cluster each time: in a database that was given, faults would count as those that an earlier one left open.
    id: `simulated-${newId().slice(-8)}`,
    name: 'Simulated cluster',
    env: { KUBE_SERVER: cluster.url, ALLOW_CHANGES: String(allowChanges), LEADER: 'lease' },
  });
  await sleep(SEEN_HEALTHY_MS, signal);
}
