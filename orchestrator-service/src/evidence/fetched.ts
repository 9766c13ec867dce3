import type { BundleEvent, BundleLog, BundleObject, EvidenceRead, JsonObject } from '@aetherius/shared/contracts';
import { z } from 'zod';

/** What one read brought, in the form of a bundle; `reason` says why nothing came. */
export type Fetched = {
  read: EvidenceRead;
  at: string;
  reason: string | null;
  objects: BundleObject[];
  events: BundleEvent[];
  logs: BundleLog[];
};

/** Most bytes that one read adds: those of all rounds leave a quarter of a bundle to the first evidence. */
export const MAX_READ_BYTES = 24 * 1024;
const MAX_LINE = 1_000;
/** The agent has the API server write the time before each line; the first evidence has none. */
const WRITTEN_AT = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2}) /;

const ReadObject = z.object({
  object: z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) }),
});
const ReadEvents = z.object({
  events: z.array(
    z.object({
      type: z.string(),
      reason: z.string(),
      message: z.string(),
      component: z.string().nullable(),
      count: z.int().positive(),
      last_timestamp: z.iso.datetime({ offset: true }).nullable(),
    }),
  ),
});
const ReadLines = z.object({ lines: z.array(z.string()) });

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const nameOf = ({ kind, namespace, name }: EvidenceRead['target']): string => `${kind}/${namespace ?? '_'}/${name}`;

/** The output of a read as evidence that a diagnosis can cite, cut to its bound. */
export function fetchedOf(read: EvidenceRead, { output, at }: { output: JsonObject; at: string }): Fetched {
  const parts = { objects: objectIn(read, output), events: eventsIn(read, { output, at }), logs: logIn(read, output) };
  const isEmpty = Object.values(parts).every((part) => part.length === 0);
  return { read, at, reason: isEmpty ? 'nothing_there' : null, ...parts };
}

/** A read that brought nothing, and why. */
export const notFetched = (read: EvidenceRead, { reason, at }: { reason: string; at: string }): Fetched => ({
  ...{ read, at, reason },
  ...{ objects: [], events: [], logs: [] },
});

function objectIn({ target }: EvidenceRead, output: JsonObject): BundleObject[] {
  const found = ReadObject.safeParse(output).data?.object;
  const isMeant = found?.kind === target.kind && found.metadata.name === target.name;
  if (!isMeant || bytes(found) > MAX_READ_BYTES / 2) return [];
  return [{ id: `object:${nameOf(target)}`, ...target, body: found as JsonObject }];
}

function eventsIn({ action, target }: EvidenceRead, { output, at }: { output: JsonObject; at: string }): BundleEvent[] {
  const found = ReadEvents.safeParse(output).data?.events ?? [];
  const events = found.map((event, index) => ({
    ...event,
    ...target,
    id: `event:${action}:${nameOf(target)}/${index}`,
    message: event.message.slice(0, MAX_LINE),
    first_timestamp: null,
    last_timestamp: event.last_timestamp ?? at,
  }));
  return withinRoom(events.reverse(), MAX_READ_BYTES / 2).reverse();
}

function logIn(read: EvidenceRead, output: JsonObject): BundleLog[] {
  if (read.action !== 'logs') return [];
  const found = ReadLines.safeParse(output).data;
  if (found === undefined) return [];
  // Without lines as well: a log that was read and is empty says that there is no more to know.
  const lines = found.lines.map((line) => line.replace(WRITTEN_AT, '').slice(0, MAX_LINE));
  const { namespace, name: pod } = read.target;
  const { container, previous } = read.parameters;
  const id = `log:${namespace}/${pod}/${container}/${previous ? 'previous' : 'current'}`;
  return [{ id, namespace, pod, container, previous, lines: bothEnds(lines) }];
}

/** At the front stands what went wrong first, at the back what ended the program. */
function bothEnds(lines: string[]): string[] {
  if (bytes(lines) <= MAX_READ_BYTES) return lines;
  const front = withinRoom(lines, MAX_READ_BYTES / 2);
  const back = withinRoom(lines.slice(front.length).reverse(), MAX_READ_BYTES / 2).reverse();
  return [...front, ...back];
}

/** As many from the front as fit. */
function withinRoom<T>(items: T[], room: number): T[] {
  let used = 0;
  const end = items.findIndex((item) => {
    used += bytes(item) + 1;
    return used > room;
  });
  return end === -1 ? items : items.slice(0, end);
}
