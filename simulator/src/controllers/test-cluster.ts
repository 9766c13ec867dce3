import { admitCreate } from '../admission/admit.ts';
import { createObjectStore, type NewObject } from '../store/object-store.ts';
import { startControllers } from './index.ts';
import { createObjects } from './objects.ts';
import type { KubeEvent, Pod } from './types.ts';

/** What a test looks for among the events. */
type EventWanted = { reason?: string; kind?: string; name?: string; type?: string };

/** Moves the faked clock and runs what is due on the way. */
type FakeTime = { advanceTimersByTimeAsync(milliseconds: number): Promise<void> };

/** A cluster on a faked clock: its hours pass in moments, at the delays of a real one. The caller installs the fake timers. */
export function startTestCluster(time: FakeTime, options: { speed?: number } = {}) {
  let lastId = 0;
  const clock = { now: () => new Date() };
  const newId = () => `00000000-0000-4000-8000-${String(++lastId).padStart(12, '0')}`;
  const store = createObjectStore({ clock, newId });
  const objects = createObjects(store);
  const { cluster, stop } = startControllers({ store, clock, speed: options.speed ?? 1, seed: 7 });
  const put = (object: object) => store.create(admitCreate(store, object as NewObject));
  const events = ({ reason, kind, name, type }: EventWanted = {}): KubeEvent[] =>
    objects
      .list('Event')
      .filter((event) => reason === undefined || event.reason === reason)
      .filter((event) => kind === undefined || event.involvedObject.kind === kind)
      .filter((event) => name === undefined || event.involvedObject.name.startsWith(name))
      .filter((event) => type === undefined || event.type === type);
  return {
    store,
    objects,
    cluster,
    stop,
    put,
    events,
    /** Lets simulated seconds pass. */
    advance: (seconds: number) => time.advanceTimersByTimeAsync(seconds * 1000),
    pods: (namespace: string, prefix = ''): Pod[] =>
      objects.list('Pod', namespace).filter(({ metadata }) => metadata.name.startsWith(prefix)),
    putNode: (name: string, capacity: Record<string, string> = {}) =>
      store.create({
        kind: 'Node',
        metadata: { name, labels: { 'kubernetes.io/hostname': name } },
        spec: {},
        status: { capacity },
      }),
    putNamespace: (name: string) => put({ kind: 'Namespace', metadata: { name } }),
  };
}

/** A cluster that a test works on. */
export type TestCluster = ReturnType<typeof startTestCluster>;

/** A deployment with one container, as a test would write it. */
export const deploymentOf = (
  name: string,
  options: {
    replicas?: number;
    image?: string;
    container?: object;
    spec?: object;
    annotations?: object;
    pod?: object;
  } = {},
): object => ({
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: {
    replicas: options.replicas ?? 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: {
        labels: { app: name },
        ...(options.annotations === undefined ? {} : { annotations: options.annotations }),
      },
      spec: {
        containers: [{ name: 'app', image: options.image ?? 'shop/web:1', ...options.container }],
        ...options.pod,
      },
    },
    ...options.spec,
  },
});
