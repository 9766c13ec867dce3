import { systemClock as clock, newId } from '@aetherius/shared/service';
import {
  healthy,
  inject,
  loadBaseCluster,
  loadScenarios,
  type ObjectStore,
  runScenario,
  setUp,
  startSimulator,
} from '@aetherius/simulator';
import type { Expected } from './judge.ts';

/** One way to break the cluster, and what should come of it. */
export type Fault = { name: string; title: string; expected: Expected; inject(): Promise<void> };

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
  setUp(base.setup, target);
  store.create({ kind: 'Namespace', metadata: { name: 'aetherius-agent' }, status: { phase: 'Active' } });
  await healthy(base.setup, store);
  inject(base.noise, target);
  return {
    url: address,
    faults: loadScenarios().map((scenario) => ({
      name: scenario.name,
      title: scenario.title,
      expected: {
        ...scenario.expected,
        subject: { ...scenario.expected.subject, namespace: scenario.expected.subject.namespace ?? null },
      },
      inject: () => runScenario(scenario, target),
    })),
    read: (kind, namespace, name) => store.get(kind, namespace ?? undefined, name),
    stop,
  };
}
