import { healthy, inject, setUp } from './scenarios/run-scenario.ts';
import { type Expected, loadBaseCluster, loadScenarios } from './scenarios/scenario.ts';
import { type StartingSimulator, startSimulator } from './start-simulator.ts';
import type { ObjectStore } from './store/object-store.ts';

/** One way to break the cluster, and what should come of it. */
export type StandardFault = { name: string; title: string; expected: Expected; inject(): void };

/** A cluster in this process that can be broken in the standard ways. */
export type SimulatedCluster = {
  url: string;
  faults: readonly StandardFault[];
  read(kind: string, namespace: string | null, name: string): ReturnType<ObjectStore['get']>;
  stop(): Promise<void>;
};

/** Starts a healthy cluster with an ordinary day's noise in it; its controllers wait a tenth of what real ones wait. */
export async function startSimulatedCluster(deps: StartingSimulator): Promise<SimulatedCluster> {
  const { store, cluster, address, stop } = await startSimulator(deps);
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
    faults: scenarios.map(({ name, title, expected, fault }) => ({
      name,
      title,
      expected: {
        ...expected,
        subject: { ...expected.subject, namespace: expected.subject.namespace ?? null },
      },
      inject: () => inject(fault, target),
    })),
    read: (kind, namespace, name) => store.get(kind, namespace ?? undefined, name),
    stop,
  };
}
