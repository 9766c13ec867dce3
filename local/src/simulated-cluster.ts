import { systemClock as clock, newId } from '@aetherius/shared/service';
import {
  createApiServer,
  createObjectStore,
  loadScenarios,
  runScenario,
  type Scenario,
  startControllers,
} from '@aetherius/simulator';

/** A cluster in this process, with its API on a loopback port. */
export type SimulatedCluster = {
  url: string;
  scenarios: readonly Scenario[];
  /** Puts a scenario's healthy state in place and then breaks it; resolves when it is broken. */
  breakIt(scenario: Scenario): Promise<void>;
  read(kind: string, namespace: string | null, name: string): ReturnType<ObjectStore['get']>;
  stop(): Promise<void>;
};

/** Starts the simulated cluster; its controllers wait a tenth of what real ones wait. */
export async function startSimulatedCluster(): Promise<SimulatedCluster> {
  const store = createObjectStore({ clock, newId });
  const controllers = startControllers({ store, clock });
  const { cluster } = controllers;
  const server = createApiServer({ store, clock, hooks: { readLog: cluster.readLog, endsPods: cluster.endsPods } });
  const url = await server.listen(0);
  return {
    url,
    scenarios: await loadScenarios(),
    read: (kind, namespace, name) => store.get(kind, namespace ?? undefined, name),
    breakIt: async (scenario) => {
      await runScenario(scenario, { store, cluster });
    },
    stop: async () => {
      controllers.stop();
      await server.stop();
    },
  };
}
