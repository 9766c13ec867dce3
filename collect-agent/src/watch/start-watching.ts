import type { Event, Heartbeat, Subject } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import type { Registry } from '@aetherius/shared/metrics';
import { type Clock, startLoop } from '@aetherius/shared/service';
import { createAllowance } from '../evidence/allowance.ts';
import { createEvidence } from '../evidence/bundle.ts';
import type { KubeClient } from '../kube/client.ts';
import { type HeldKind, type HeldObject, type KubeEvent, refOf } from '../kube/objects.ts';
import { assess } from '../signals/assess.ts';
import { topObject, topSubject } from '../signals/fingerprint.ts';
import { fromEvent, urgencyOf } from '../signals/from-event.ts';
import type { Signal } from '../signals/signal.ts';
import { type Attention, createAttention } from './attention.ts';
import { type ClusterState, createClusterState, type Facts } from './cluster-state.ts';
import { createEventHistory, type EventHistory } from './event-history.ts';
import { type Informer, type Listener, startInformer } from './informer.ts';
import { inNamespaces, watchedEvents, watchedKinds } from './kinds.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { exposeWatches } from './watch-metrics.ts';

const BUNDLES_PER_MINUTE = 60;
const CATCH_UP_MS = 1_000;
/** A kind that may not be listed must not keep the agent blind for the others. */
const SYNC_MS = 30_000;
const SYNC_CHECK_MS = 50;

type Needs = {
  client: KubeClient;
  cluster: string;
  agentId: string;
  /** What to watch alone; the whole cluster when empty. */
  namespaces?: readonly string[];
  clock: Clock;
  log: Logger;
  emit: (event: Event) => void;
  metrics?: Registry;
};

export type Watching = {
  stop: () => Promise<void>;
  health: () => Heartbeat['watches'];
  view: Facts;
};

/** Watches a cluster and emits what it notices, until it is stopped. */
export function startWatching(needs: Needs): Watching {
  const { client, cluster, agentId, namespaces = [], clock, log, emit, metrics } = needs;
  const view = createClusterState();
  const history = createEventHistory();
  // Apart from the history, which forgets: a storm must not push out what has not been looked at yet.
  const unread = new Map<string, KubeEvent>();

  const reporter = createReporter({
    cluster,
    agentId,
    clock,
    log,
    emit,
    evidence: createEvidence({ client, facts: view, history, cluster, clock }),
    allowance: createAllowance({ perMinute: BUNDLES_PER_MINUTE }),
    lookAgain: (subject, afterMs) => attention.touch(subjectKey(subject), afterMs),
  });
  const attention = createAttention({
    assess: (key) => assessed(key, { view, unread, now: clock.now().getTime() }),
    tell: reporter.tell,
    done: (key) => unread.delete(key),
    clock,
    log,
  });

  const owed = startLoop({ name: 'evidence owed', every: CATCH_UP_MS, run: async () => reporter.catchUp(), log });

  const objects = objectListener({ view, reporter, touch: attention.touch });
  const informers: Informer[] = inNamespaces(watchedKinds, namespaces).map((kind) =>
    startInformer({ client, kind, listener: objects, clock, log }),
  );
  const listener = eventListener({ view, history, unread, attention });
  for (const kind of inNamespaces([watchedEvents], namespaces))
    informers.push(startInformer({ client, kind, listener, clock, log }));
  const conceal = metrics === undefined ? undefined : exposeWatches(metrics, informers, clock);

  const started = clock.monotonic();
  const gate = setInterval(() => {
    if (!informers.every(({ synced }) => synced) && clock.monotonic() - started < SYNC_MS) return;
    clearInterval(gate);
    attention.open();
  }, SYNC_CHECK_MS);

  return {
    stop: async () => {
      clearInterval(gate);
      attention.stop();
      await owed.stop();
      conceal?.();
      await Promise.all(informers.map((informer) => informer.stop()));
      await reporter.idle();
    },
    health: () => healthOf(informers, clock),
    view,
  };
}

const healthOf = (informers: Informer[], clock: Clock): Heartbeat['watches'] =>
  Object.fromEntries(
    informers.map(({ name, synced, lastEventAt }) => [
      name,
      { synced, age_seconds: Math.round(clock.monotonic() - lastEventAt) / 1000 },
    ]),
  );

const eventKey = (uid: string): string => `Event//${uid}`;
const subjectKey = ({ kind, namespace, name }: Subject): string => `${kind}/${namespace ?? ''}/${name}`;
const objectKey = ({ kind, metadata }: HeldObject): string => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

type Known = { view: ClusterState; unread: ReadonlyMap<string, KubeEvent>; now: number };

/** What there is to say about the object or the Event behind a key. */
function assessed(key: string, { view, unread, now }: Known): Signal[] {
  const [kind = '', namespace = '', name = ''] = key.split('/');
  if (kind !== 'Event') {
    const object = view.find(kind as HeldKind, namespace, name);
    return object === undefined ? [] : assess(object, view, now);
  }
  const event = unread.get(key);
  return event === undefined ? [] : fromEvent(event, view, now);
}

type Reading = { view: Facts; history: EventHistory; unread: Map<string, KubeEvent>; attention: Attention };

const eventListener = ({ view, history, unread, attention }: Reading): Listener<KubeEvent> => ({
  onPut: (event) => {
    history.put(event);
    const urgency = urgencyOf(event, view);
    if (urgency === 'never') return;
    const key = eventKey(event.metadata.uid);
    unread.set(key, event);
    if (urgency === 'at_once') attention.now(key);
    else attention.touch(key);
  },
  onGone: () => undefined,
});

type Parts = { view: ClusterState; reporter: Reporter; touch: (key: string) => void };

function objectListener({ view, reporter, touch }: Parts): Listener<HeldObject> {
  const touchServices = (namespace: string) => {
    for (const service of view.inNamespace('Service', namespace)) touch(objectKey(service));
  };
  const touchAround = (object: HeldObject) => {
    const { namespace = '', labels } = object.metadata;
    if (object.kind === 'EndpointSlice') touch(`Service/${namespace}/${labels?.['kubernetes.io/service-name'] ?? ''}`);
    const top = topObject(view, object);
    if (top !== object) touch(objectKey(top));
  };
  return {
    onPut: (object, previous) => {
      view.put(object);
      touch(objectKey(object));
      touchAround(object);
      if (object.kind === 'Pod' && !sameLabels(object, previous)) touchServices(object.metadata.namespace ?? '');
    },
    onGone: (object) => {
      touchAround(object);
      const subject = topSubject(view, object);
      view.remove(object);
      if (subject.kind === object.kind && subject.name === object.metadata.name)
        reporter.gone(subject, goneSignal(object, subject));
    },
  };
}

const sameLabels = (object: HeldObject, previous: HeldObject | undefined): boolean =>
  JSON.stringify(object.metadata.labels) === JSON.stringify(previous?.metadata.labels);

const goneSignal = (object: HeldObject, subject: Subject): Signal => ({
  type: 'k8s_state',
  signal: 'clear',
  severity: 'low',
  reason: 'ObjectGone',
  message: `${object.kind} ${object.metadata.name} was deleted`,
  source: `${object.kind.toLowerCase()}-status`,
  object: refOf(object),
  subject,
  node: null,
  count: 1,
  at: undefined,
  identity: [object.metadata.uid, '', 'ObjectGone', ''],
  holdMs: 0,
});
