import type { EventStream } from '@aetherius/shared/http';
import type { Logger } from '@aetherius/shared/log';
import { startLoop } from '@aetherius/shared/service';
import type { IncidentView, ShownIncident } from './incident-view.ts';

type Deps = { view: IncidentView; now: () => Date; log: Logger };
type Item = { event: string; data: unknown };
type Listener = { queue: Item[]; wake: () => void };

/** Rows become visible at their commit, which may lie this long after the time they carry. */
const OVERLAP_MS = 10_000;
const SNAPSHOT = 100;
const PING_MS = 15_000;
/** A reader that falls this far behind is cut off; it connects again and gets a fresh snapshot. */
const LONGEST_QUEUE = 2_000;

/** Every change of an incident, live, for any number of readers at the price of one query a round. */
export type IncidentStream = { open(signal: AbortSignal): EventStream; stop(): Promise<void> };

export function createIncidentStream({ view, now, log }: Deps): IncidentStream {
  const listeners = new Set<Listener>();
  let sent = new Map<string, string>();
  const loop = startLoop({
    name: 'incident-stream',
    every: 500,
    log,
    run: async () => {
      if (listeners.size === 0) return;
      const rows = await view.movedSince(new Date(now().getTime() - OVERLAP_MS));
      const news = rows.filter((row) => sent.get(key(row)) !== row.updated_at);
      sent = new Map(rows.map((row) => [key(row), row.updated_at]));
      for (const row of news) for (const listener of listeners) push(listener, { event: 'incident', data: row });
    },
  });
  return {
    open: (signal) => read({ view, listeners, signal }),
    stop: async () => {
      for (const listener of listeners) push(listener, { event: 'end', data: {} });
      await loop.stop();
    },
  };
}

const key = (row: ShownIncident): string => `${row.id}#${row.episode}`;

function push(listener: Listener, item: Item): void {
  listener.queue.push(item);
  listener.wake();
}

type Reading = { view: IncidentView; listeners: Set<Listener>; signal: AbortSignal };

async function* read({ view, listeners, signal }: Reading): AsyncGenerator<Item> {
  const listener: Listener = { queue: [], wake: () => undefined };
  listeners.add(listener);
  try {
    const latest = await view.list({}, { limit: SNAPSHOT, after: undefined });
    for (const row of latest.reverse()) yield { event: 'incident', data: row };
    while (!signal.aborted && listener.queue.length < LONGEST_QUEUE) {
      const item = listener.queue.shift();
      if (item === undefined) yield* quietly(listener, signal);
      else if (item.event === 'end') return;
      else yield item;
    }
  } finally {
    listeners.delete(listener);
  }
}

/** Waits for news; a sign of life now and then keeps proxies from closing a quiet connection. */
async function* quietly(listener: Listener, signal: AbortSignal): AsyncGenerator<Item> {
  const woken = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), PING_MS);
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve(true);
    };
    listener.wake = wake;
    signal.addEventListener('abort', wake, { once: true });
    if (listener.queue.length > 0 || signal.aborted) wake();
  });
  if (!woken) yield { event: 'ping', data: {} };
}
