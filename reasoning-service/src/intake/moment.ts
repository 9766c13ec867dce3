import { LEEWAY, writtenAt } from '../diagnosis/messages/written-at.ts';

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, y: 31_536_000 };

/** Seconds of an age as `kubectl` prints it (`47s`, `3m5s`, `2d4h`), or undefined for anything else (`<unknown>`, `<invalid>`). */
export function ageSeconds(text: string): number | undefined {
  if (!/^(\d+(ms|[smhdy]))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|[smhdy])/g)].reduce(
    (sum, [, amount, unit = 's']) => sum + Number(amount) * (unitSeconds[unit] ?? 0.001),
    0,
  );
}

/** The time that lies so many seconds before. */
export const before = (at: string, seconds: number): string =>
  new Date(Date.parse(at) - Math.round(seconds * 1000)).toISOString();

/** How Go prints a time that nobody set. */
const unset = /^(?:0001-01-01T00:00:00|Mon, 01 Jan 0001 )/;

/** A time in any form that Kubernetes prints, as RFC 3339 in UTC, or undefined when it is none. */
export function timestamp(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined || !/\d{4}/.test(text) || unset.test(text)) return undefined;
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? undefined : new Date(parsed).toISOString();
}

const day = 86_400_000;
/** So long after the latest time in it evidence may well have been taken; a file from further back was kept, and its date may be a copy's. */
const PLAUSIBLE = 30 * day;

const time =
  '"?:\\s*"?(\\d{4}-\\d\\d-\\d\\dT[\\d:.]+(?:Z|[+-]\\d\\d:\\d\\d)|[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} [\\d:]{8} [+-]\\d{4})';
const keyed = new RegExp(
  `(?:Timestamp|Time|time|[sS]tarted|[fF]inished|startsAt|activeAt|updatedAt|startedAt|finishedAt)${time}`,
  'g',
);
/** What goes on being written as long as a cluster lives: these tell the present, while a state may have come about long ago. */
const beating = new RegExp(`(?:last_?[tT]imestamp|firstTimestamp|eventTime|[hH]eartbeatTime|[rR]enewTime)${time}`, 'g');
/** The columns of a node's conditions: the first time is its last sign of life. */
const heartbeat = /^ {2}\w+ +(?:True|False|Unknown) +([A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} [+-]\d{4}) /gm;

/** The time at which a line of a log begins; one without a zone may be anybody's, and one before a list or nothing is a field. */
const logged = /^\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:\d\d))(?! *(?:\["|$))/gm;

/**
 * When evidence was taken; `since` is the latest time in it where the clock had to tell the rest, and `until` the clock where
 * that is too far off to be believed: it was taken at `at` or at any time after that.
 */
export type Moment = { at: string; since?: string; until?: string };

/**
 * When evidence was taken. Where events, logs or heartbeats tell the present it is the latest time in it, because a folder may be
 * opened long after. States alone tell no more than that it was not before them: then it is what the clock (the date of the file,
 * else of the reader) says, if that is near enough. Nothing later than `now` counts: a certificate's end, the next run of a schedule.
 */
export function takenAt(texts: readonly string[], now: string, clock = now): Moment {
  const end = Date.parse(now);
  const latest = Math.max(0, ...texts.map((text) => latestOf([...stated(text, keyed), ...describedTimes(text)], end)));
  const present = Math.max(0, ...texts.map((text) => latestOf(presentIn(text), end)));
  // A local time may lie ahead of the clock that is to be corrected by it; most programs in containers write UTC, and near enough is better than days before.
  const within = Math.min(end, Date.parse(clock));
  const local = present > 0 ? 0 : Math.max(0, ...texts.map((text) => latestOf(writtenIn(text, within), within)));
  const last = Math.max(latest, present, local);
  if (last === 0) return { at: clock };
  const known = new Date(last).toISOString();
  const age = Date.parse(clock) - Date.parse(known);
  if (present > 0 || age < 0) return { at: known };
  return age > PLAUSIBLE ? { at: known, until: clock } : { at: clock, since: known };
}

/** The date of the newest file, unless it lies after now. */
export const clockOf = (dates: readonly (string | undefined)[], now: string): string =>
  dates
    .filter((date) => date !== undefined)
    .filter((date) => date <= now)
    .sort()
    .at(-1) ?? now;

function latestOf(times: Iterable<number>, now: number): number {
  let latest = 0;
  for (const at of times) if (at > latest && at <= now) latest = at;
  return latest;
}

function* stated(text: string, pattern: RegExp): Generator<number> {
  for (const [, found = ''] of text.matchAll(pattern))
    if (!unset.test(found)) yield Date.parse(found.replace(/(\d),/, '$1.'));
}

/** Times of logs in any form that programs write; one just ahead is of a clock further east, and not of another year. */
function* writtenIn(text: string, near: number): Generator<number> {
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf('\n', from);
    const until = end === -1 ? text.length : end;
    const times = writtenAt(text.slice(from, until), near);
    if (!times.some((at) => at > near && at - near <= LEEWAY)) yield* times;
    from = until + 1;
  }
}

function* presentIn(text: string): Generator<number> {
  for (const pattern of [beating, heartbeat, logged]) yield* stated(text, pattern);
  yield* anchoredTimes(text);
}

const born = /^(?:CreationTimestamp|Start Time): +(.+)$/m;
const eventAge = /^ {2}(?:Normal|Warning) +\S+ +(\S+)(?: \(x\d+ over (\S+)\))? {2}/gm;

/** A description tells ages; no event is older than its object, so it was printed at least the oldest age after that was made. */
function* describedTimes(text: string): Generator<number> {
  for (const part of text.split(/^(?=Name: )/m)) {
    const since = Date.parse(timestamp(born.exec(part)?.[1]) ?? '');
    if (Number.isNaN(since)) continue;
    for (const [, last = '', first] of part.matchAll(eventAge)) yield since + (ageSeconds(first ?? last) ?? 0) * 1000;
  }
}

const runningSince = /^ {4}State: +Running\n +Started: +(.+)$/gm;
const startedAge = /^ {2}Normal +Started +(\S+)(?: \(x\d+ over \S+\))? {2}/gm;

/** A description tells when its container started, and how long before it was printed. */
function* anchoredTimes(text: string): Generator<number> {
  for (const part of text.split(/^(?=Name: )/m)) {
    const starts = [...part.matchAll(runningSince)].map(([, found]) => Date.parse(timestamp(found) ?? ''));
    const ages = [...part.matchAll(startedAge)].map(([, age = '']) => ageSeconds(age) ?? Number.NaN);
    if (starts.length > 0 && ages.length > 0) yield Math.max(...starts) + Math.min(...ages) * 1000;
  }
}
