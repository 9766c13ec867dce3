import type { Objects } from './objects.ts';
import type { Random } from './random.ts';
import { createSimilarEvents } from './similar-events.ts';
import type { KubeEvent, ObjectReference } from './types.ts';
import { microTime, wireTime } from './wire-time.ts';

/** What a component has to say about an object. */
export type Notice = {
  about: ObjectReference;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
};

/** Writes events the two ways in which Kubernetes components write them. */
export type EventRecorder = {
  /** As the kubelet and the controllers do: one event per message, counted up in place. */
  record(from: { component: string; host?: string }, notice: Notice): void;
  /** As the scheduler does: no source, no count; a repetition becomes a series. */
  recordSeries(from: { component: string; action: string }, notice: Notice): void;
};

type Body = Pick<
  KubeEvent,
  'source' | 'reportingComponent' | 'reportingInstance' | 'firstTimestamp' | 'lastTimestamp'
> &
  Pick<KubeEvent, 'eventTime'> &
  Partial<KubeEvent>;

const rememberedEvents = 4096;

/** An event recorder over the store; it forgets the oldest events that it could still count up. */
export function createEventRecorder(deps: {
  objects: Objects;
  clock: { now(): Date };
  random: Random;
  speed: number;
}): EventRecorder {
  const written = new Map<string, KubeEvent>();
  const similar = createSimilarEvents({ clock: deps.clock, speed: deps.speed });

  function remember(key: string, event: KubeEvent): void {
    written.delete(key);
    written.set(key, event);
    const oldest = written.size > rememberedEvents ? written.keys().next().value : undefined;
    if (oldest !== undefined) written.delete(oldest);
  }

  function stillThere(key: string): KubeEvent | undefined {
    const event = written.get(key);
    if (event === undefined) return undefined;
    const stored = deps.objects.get('Event', event.metadata.namespace, event.metadata.name);
    return stored?.metadata.uid === event.metadata.uid ? stored : undefined;
  }

  function create(key: string, notice: Notice, body: Body): void {
    const { about, type, reason, message } = notice;
    const namespace = about.namespace ?? 'default';
    const stamp = Math.floor(deps.clock.now().getTime() * 1000 + deps.random() * 1000);
    const metadata = { name: `${about.name}.${(stamp * 1000).toString(16)}`, namespace };
    const event = { apiVersion: 'v1', kind: 'Event' as const, metadata, involvedObject: about, type, reason, message };
    remember(key, deps.objects.create({ ...event, ...body }));
  }

  function record(from: { component: string; host?: string }, notice: Notice): void {
    const now = wireTime(deps.clock.now());
    const group = groupKey([from.component, from.host ?? ''], notice);
    const { key, message } = similar.place(group, notice.message);
    const present = stillThere(key);
    if (present === undefined) {
      create(key, { ...notice, message }, coreBody(from, now));
      return;
    }
    deps.objects.mutate(present, (draft) => {
      draft.count = (draft.count ?? 1) + 1;
      draft.lastTimestamp = now;
      draft.message = message;
    });
  }

  function recordSeries(from: { component: string; action: string }, notice: Notice): void {
    const now = microTime(deps.clock.now());
    const key = groupKey([from.component, from.action], notice);
    const present = stillThere(key);
    if (present === undefined) {
      create(key, notice, seriesBody(from, now));
      return;
    }
    deps.objects.mutate(present, (draft) => {
      draft.series = { count: (draft.series?.count ?? 1) + 1, lastObservedTime: now };
    });
  }

  return Object.freeze({ record, recordSeries });
}

const groupKey = (from: string[], { about, type, reason }: Notice): string =>
  [...from, about.kind, about.namespace, about.name, about.uid, about.fieldPath, type, reason].join('|');

const coreBody = (from: { component: string; host?: string }, now: string): Body => ({
  source: { component: from.component, ...(from.host === undefined ? {} : { host: from.host }) },
  reportingComponent: from.component,
  reportingInstance: from.host ?? '',
  firstTimestamp: now,
  lastTimestamp: now,
  eventTime: null,
  count: 1,
});

const seriesBody = (from: { component: string; action: string }, now: string): Body => ({
  source: {},
  reportingComponent: from.component,
  reportingInstance: `${from.component}-control-plane-1`,
  action: from.action,
  firstTimestamp: null,
  lastTimestamp: null,
  eventTime: now,
});
