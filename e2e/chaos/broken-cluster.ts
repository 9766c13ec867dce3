import { COMMANDS_ANNOTATION } from '@aetherius/shared/contracts';
import { systemClock as clock, newId } from '@aetherius/shared/service';
import {
  type Hooks,
  healthy,
  inject,
  type KubeObject,
  loadBaseCluster,
  type ObjectStore,
  type Simulator,
  setUp,
  startSimulator,
} from '@aetherius/simulator';

/** What a broken workload looks like from the cluster's side. */
export type Change = { name: string; changes: number; marks: number; healthy: boolean };

/** A simulated cluster that has an event for each step of a load, and workloads that need a repair. */
export type BrokenCluster = {
  id: string;
  url: string;
  store: ObjectStore;
  cluster: Simulator['cluster'];
  /** What the API server does instead of answering; undefined when it is well. */
  fault: Hooks['fault'];
  /** Makes a workload that needs more memory than it may have. */
  breakOne(name: string): void;
  broken(): Change[];
  stop(): Promise<void>;
};

const NAMESPACE = 'shop';

/** The same program as often as wanted: it asks for 180 MiB and may have 160. */
const greedy = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: NAMESPACE, labels: { app: name } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: {
        labels: { app: name },
        annotations: { 'simulator.aetherius.io/behaviour': '{"logs": ["loading templates"], "memory": "180Mi"}' },
      },
      spec: {
        containers: [
          {
            name,
            image: `registry.example.com/shop/${name}:3.1.0`,
            resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '160Mi' } },
          },
        ],
      },
    },
  },
});

/** Starts a healthy cluster of its own id. */
export async function startBrokenCluster(id: string): Promise<BrokenCluster> {
  const held: { fault: Hooks['fault'] } = { fault: undefined };
  const { store, cluster, address, stop } = await startSimulator({
    clock,
    newId,
    hooks: () => ({ fault: (point, request) => held.fault?.(point, request) }),
  });
  const { setup } = loadBaseCluster();
  setUp(setup, { store, cluster });
  for (const name of ['aetherius-agent', 'load'])
    store.create({ kind: 'Namespace', metadata: { name }, status: { phase: 'Active' } });
  await healthy(setup, store);
  const names: string[] = [];
  return {
    id,
    url: address,
    store,
    cluster,
    get fault() {
      return held.fault;
    },
    set fault(fault) {
      held.fault = fault;
    },
    breakOne: (name) => {
      names.push(name);
      inject([{ kind: 'apply', object: greedy(name) }], { store, cluster });
    },
    broken: () => names.map((name) => changeOf(name, store.get('Deployment', NAMESPACE, name))),
    stop,
  };
}

type Seen = { spec?: { replicas?: number }; status?: { readyReplicas?: number } };

function changeOf(name: string, object: KubeObject | undefined): Change {
  const { spec, status } = (object ?? {}) as Seen;
  const marks = (object?.metadata.annotations?.[COMMANDS_ANNOTATION] ?? '').split(',').filter((mark) => mark !== '');
  return {
    name,
    // Made once; every generation after the first is a change of what somebody wanted.
    changes: Math.max(0, (object?.metadata.generation ?? 1) - 1),
    marks: marks.length,
    healthy: (status?.readyReplicas ?? 0) === (spec?.replicas ?? 1),
  };
}
