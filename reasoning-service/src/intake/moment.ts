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

/** A time in any form that Kubernetes prints, as RFC 3339 in UTC, or undefined when it is none. */
export function timestamp(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined || !/\d{4}/.test(text)) return undefined;
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? undefined : new Date(parsed).toISOString();
}

const keyed =
  /(?:Timestamp|Time|time|[sS]tarted|[fF]inished|startsAt|activeAt|startedAt|finishedAt)"?:\s*"?(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} [+-]\d{4})/g;

/** The time at which a line of a log begins; one without a zone may be anybody's. */
const logged = /^\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:\d\d))/gm;

/**
 * When evidence was taken: the latest time that a state in it carries, because a folder may be opened long after. Nothing later
 * than `now` counts (a certificate's end, the next run of a schedule); without any time it is taken now.
 */
export function takenAt(texts: readonly string[], now: string): string {
  const latest = Math.max(...texts.map((text) => latestIn(text, Date.parse(now))));
  return latest > 0 ? new Date(latest).toISOString() : now;
}

function latestIn(text: string, now: number): number {
  let latest = 0;
  for (const at of [...stated(text), ...describedTimes(text)]) if (at > latest && at <= now) latest = at;
  return latest;
}

function* stated(text: string): Generator<number> {
  for (const [, time = ''] of text.matchAll(keyed)) yield Date.parse(time);
  for (const [, time = ''] of text.matchAll(logged)) yield Date.parse(time.replace(',', '.'));
}

const born = /^(?:CreationTimestamp|Start Time): +(.+)$/m;
const eventAge = /^ {2}(?:Normal|Warning) +\S+ +(\S+)(?: \(x\d+ over (\S+)\))? {2}/gm;

/** A description tells ages; no event is older than its object, so it was printed at least the oldest age after that was made. */
function* describedTimes(text: string): Generator<number> {
  for (const part of text.split(/^(?=Name: )/m)) {
    const since = Date.parse(born.exec(part)?.[1] ?? '');
    if (Number.isNaN(since)) continue;
    for (const [, last = '', first] of part.matchAll(eventAge)) yield since + (ageSeconds(first ?? last) ?? 0) * 1000;
  }
}
