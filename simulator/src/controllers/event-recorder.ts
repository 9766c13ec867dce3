import type { Objects } from './objects.ts';
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

type Deps = { objects: Objects; clock: { now(): Date }; speed: number };

/** An event recorder over the store. */
export function createEventRecorder(deps: Deps): EventRecorder {
  const newEvent = createEventFactory(deps.clock);
  const written = createWrittenEvents(deps.objects);
  const similar = createSimilarEvents({ clock: deps.clock, speed: deps.speed });

  function record(from: { component: string; host?: string }, notice: Notice): void {
    const now = wireTime(deps.clock.now());
    const { key, message } = similar.place(groupKey([from.component, from.host ?? ''], notice), notice.message);
    const present = written.find(key);
    if (present === undefined) {
      written.remember(key, deps.objects.create(newEvent({ ...notice, message }, coreBody(from, now))));
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
    const present = written.find(key);
    if (present === undefined) {
      written.remember(key, deps.objects.create(newEvent(notice, seriesBody(from, now))));
      return;
    }
    deps.objects.mutate(present, (draft) => {
      draft.series = { count: (draft.series?.count ?? 1) + 1, lastObservedTime: now };
    });
  }

  return Object.freeze({ record, recordSeries });
}

/** The events that can still be counted up; the oldest are forgotten. */
function createWrittenEvents(objects: Objects) {
  const written = new Map<string, KubeEvent>();
  return {
    find(key: string): KubeEvent | undefined {
      const event = written.get(key);
      if (event === undefined) return undefined;
      const stored = objects.get('Event', event.metadata.namespace, event.metadata.name);
      return stored?.metadata.uid === event.metadata.uid ? stored : undefined;
    },
    remember(key: string, event: KubeEvent): void {
      written.delete(key);
      written.set(key, event);
      const oldest = written.size > rememberedEvents ? written.keys().next().value : undefined;
      if (oldest !== undefined) written.delete(oldest);
    },
  };
}

/** Makes events whose names end in the nanosecond of their writing, as client-go does; no two may fall on the same. */
function createEventFactory(clock: { now(): Date }) {
  let last = 0n;
  return ({ about, type, reason, message }: Notice, body: Body) => {
    const now = BigInt(clock.now().getTime()) * 1_000_000n;
    last = now > last ? now : last + 1n;
    const metadata = { name: `${about.name}.${last.toString(16)}`, namespace: about.namespace ?? 'default' };
    const event = { apiVersion: 'v1', kind: 'Event' as const, metadata, involvedObject: about, type, reason, message };
    return { ...event, ...body };
  };
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
