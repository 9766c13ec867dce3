import { createApiServer } from './api/api-server.ts';
import type { Hooks } from './api/hooks.ts';
import { type Cluster, startControllers } from './controllers/index.ts';
import { createObjectStore, type ObjectStore } from './store/object-store.ts';

/** A cluster that is up: its state, its machines, and where its API is. */
export type Simulator = { store: ObjectStore; cluster: Cluster; address: string; stop(): Promise<void> };

const namespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

export type StartingSimulator = {
  clock: { now(): Date };
  newId: () => string;
  speed?: number;
  port?: number;
  /** The address to listen on; loopback by default. */
  host?: string;
  hooks?: (store: ObjectStore) => Hooks;
};

/** Starts a cluster without nodes: store, controllers, and an API server whose hooks the machines answer unless others are given. */
export async function startSimulator(deps: StartingSimulator): Promise<Simulator> {
  const { clock, newId, speed, port = 0, host, hooks } = deps;
  const store = createObjectStore({ clock, newId });
  const controllers = startControllers({ store, clock, ...(speed === undefined ? {} : { speed }) });
  for (const name of namespaces) {
    const labels = { 'kubernetes.io/metadata.name': name };
    const spec = { finalizers: ['kubernetes'] };
    store.create({ kind: 'Namespace', metadata: { name, labels }, spec, status: { phase: 'Active' } });
  }
  const { readLog, endsPods } = controllers.cluster;
  const server = createApiServer({ store, clock, hooks: { readLog, endsPods, ...hooks?.(store) } });
  const address = await server.listen(port, host);
  return {
    store,
    cluster: controllers.cluster,
    address,
    async stop(): Promise<void> {
      controllers.stop();
      await server.stop();
    },
  };
}
