import { createApiServer, createObjectStore, type KubeObject, type ObjectStore } from '@aetherius/simulator';
import {
  aDeployment,
  aKubeletEvent,
  aNode,
  aPod,
  aReplicaSet,
  namespaces,
  nodesFor,
  PODS_PER_DEPLOYMENT,
  workloadsFor,
} from './objects.ts';

/** A cluster of many healthy pods behind a real API server, which changes only as it is told. */
export type Crowd = {
  url: string;
  /** Writes a warning about a pod that stays; the answer is when, in milliseconds of the wall clock. */
  warn(number: number): number;
  /** Writes an Event of the daily work, which nobody needs to be told. */
  note(number: number): void;
  /** A kubelet's report that says nothing new of a pod. */
  report(pod: number): void;
  /** One pod goes and another takes its place. */
  replace(pod: number): void;
  stop(): Promise<void>;
};

/** Old enough that what is well since then is well for good. */
const BEGAN = new Date('2026-01-01T00:00:00Z');
const NOTES = 2_000;

const wallClock = (): number => performance.timeOrigin + performance.now();

/** Sets the cluster up and listens. */
export async function startCrowd(pods: number): Promise<Crowd> {
  let now = () => BEGAN;
  const store = createObjectStore({ clock: { now: () => now() }, newId: () => crypto.randomUUID() });
  const held = populate(store, pods);
  now = () => new Date();
  const server = createApiServer({ store });
  const url = await server.listen();
  const notes: KubeObject[] = [];
  const generations = new Map<number, number>();
  const podAt = (at: number): KubeObject => held.pods[at % pods] as KubeObject;
  return {
    url,
    // The first half of the pods stays, so that a warning is always about one that is there.
    warn: (number) => {
      const pod = podAt(number % Math.ceil(pods / 2));
      const at = wallClock();
      store.create(aKubeletEvent({ pod, number, reason: 'Unhealthy', at: now() }));
      return at;
    },
    note: (number) => {
      const old = notes[number % NOTES];
      if (old === undefined)
        notes.push(store.create(aKubeletEvent({ pod: podAt(number), number, reason: 'Pulled', at: now() })));
      else
        store.mutate('Event', old.metadata.namespace, old.metadata.name, (draft) => {
          draft['count'] = Number(draft['count']) + 1;
          draft['lastTimestamp'] = now().toISOString();
        });
    },
    report: (at) => {
      const { namespace, name } = podAt(at).metadata;
      const change = (draft: KubeObject) => {
        draft.status = { ...draft.status, reportedAt: now().toISOString(), turn: at };
      };
      store.mutate('Pod', namespace, name, change, { subresource: 'status' });
    },
    replace: (at) => {
      const place = Math.floor(pods / 2) + (at % Math.floor(pods / 2));
      const { namespace, name } = podAt(place).metadata;
      const generation = (generations.get(place) ?? 0) + 1;
      generations.set(place, generation);
      store.remove('Pod', namespace, name);
      held.pods[place] = store.create(aPod(place, ownerOf(held.owners, place), generation));
    },
    stop: server.stop,
  };
}

const ownerOf = (owners: readonly KubeObject[], pod: number): KubeObject =>
  owners[Math.floor(pod / PODS_PER_DEPLOYMENT)] as KubeObject;

function populate(store: ObjectStore, pods: number): { owners: KubeObject[]; pods: KubeObject[] } {
  for (const name of ['aetherius-agent', ...namespaces])
    store.create({ kind: 'Namespace', metadata: { name }, status: { phase: 'Active' } });
  for (let node = 0; node < nodesFor(pods); node += 1) store.create(aNode(node));
  const owners = Array.from({ length: workloadsFor(pods) }, (_, at) =>
    store.create(aReplicaSet(store.create(aDeployment(at)))),
  );
  return { owners, pods: Array.from({ length: pods }, (_, at) => store.create(aPod(at, ownerOf(owners, at)))) };
}
