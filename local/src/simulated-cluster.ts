import { systemClock as clock, newId, sleep } from '@aetherius/shared/service';
import {
  healthy,
  inject,
  loadBaseCluster,
  loadScenarios,
  type ObjectStore,
  setUp,
  startSimulator,
} from '@aetherius/simulator';
import type { Fleet } from './fleet.ts';
import type { Expected } from './judge.ts';

/** One way to break the cluster, and what should come of it. */
export type Fault = { name: string; title: string; expected: Expected; inject(): void };

/** A cluster in this process, with its API on a loopback port. */
export type SimulatedCluster = {
  url: string;
  faults: readonly Fault[];
  read(kind: string, namespace: string | null, name: string): ReturnType<ObjectStore['get']>;
  stop(): Promise<void>;
};

/** Starts a healthy cluster with an ordinary day's noise in it; its controllers wait a tenth of what real ones wait. */
export async function startSimulatedCluster(): Promise<SimulatedCluster> {
  const { store, cluster, address, stop } = await startSimulator({ clock, newId });
  const target = { store, cluster };
  const base = loadBaseCluster();
  const scenarios = loadScenarios();
  const setup = [...base.setup, ...scenarios.flatMap((scenario) => scenario.setup)];
  setUp(setup, target);
  store.create({ kind: 'Namespace', metadata: { name: 'aetherius-agent' }, status: { phase: 'Active' } });
  await healthy(setup, store);
  inject(base.noise, target);
  return {
    url: address,
    faults: scenarios.map((scenario) => ({
      name: scenario.name,
      title: scenario.title,
      expected: {
        ...scenario.expected,
        subject: { ...scenario.expected.subject, namespace: scenario.expected.subject.namespace ?? null },
      },
      inject: () => inject(scenario.fault, target),
    })),
    read: (kind, namespace, name) => store.get(kind, namespace ?? undefined, name),
    stop,
  };
}

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
