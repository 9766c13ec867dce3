import { seconds } from '@aetherius/shared/contracts';

/** Programs write the time in front, and JSON in one of its first fields. */
const NEAR_FRONT = 300;
/** What lies outside is a count, an uptime, or a clock that nobody set. */
const [EARLIEST, LATEST] = [Date.UTC(2000, 0, 2), Date.UTC(2100, 0, 1)];

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const month = '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const clock = '(\\d\\d?):(\\d\\d)(?::(\\d\\d(?:[.,]\\d{1,9})?))?';

/** What may stand before a time that begins a line: the pod or program that wrote it, its role, a level, brackets. */
const front =
  /^\s{0,8}(?:<\d{1,3}>(?:\d )?)?(?:\[pod\/[^\]\s]{1,200}\] |[\w.-]{1,100} {1,8}\| )?(?:\d{1,7}:[A-Z] |[A-Z], )?[[("'<*=]{0,4}(?:(?:ERROR REPORT=+|INFO REPORT=+|trace|debug|dbg|info|inf|information|notice|warn|warning|wrn|error|err|fail|fatal|ftl|crit|critical|panic|severe|alert|emerg)[\]):|,\s-]{1,6}[[("']{0,2})?/i;
/** Most lines begin with their time. */
const begun = /^\d{4}-/;
/** A line of named fields, as JSON or as `key=value`, and those that hold its time. */
const fields = /^\s{0,8}(?:\{|[\w@.]{1,40}=)/;
const named =
  /(?:^|[\s,{])"?(?:@?timestamp|timestamp_?ms|ts|t|time|timemillis|time_?ms|epochsecond|datetime|date|asctime)"?\s?[=:]\s?(?:\{\s?"\$date"\s?:\s?)?["[]?/gi;

/** A time without a year may be that of any year about `near`. */
type Read = (found: readonly string[], near: number) => number[];

type Moment = readonly [month: number, day: string, hour: string, minute: string, second?: string | undefined];

const utc = (year: number, [month, day, hour, minute, second = '0']: Moment): number =>
  Date.UTC(year, month, Number(day), Number(hour), Number(minute)) +
  Math.round(1000 * Number(second.replace(',', '.')));

const yearsAbout = (near: number): number[] => {
  const year = new Date(near).getUTCFullYear();
  return [year - 1, year, year + 1];
};

const dated = (year: string | undefined, at: Moment, near: number): number[] => [
  ...(year === undefined ? yearsAbout(near) : [Number(year)]).map((one) => utc(one, at)),
];
const monthOf = (name: string): number => months.indexOf(name.toLowerCase());

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by how many there are. */
function sinceEpoch(text: string): number[] {
  const value = Number(text);
  const unit = [1_000, 1, 1e-3, 1e-6].find((factor) => value * factor >= EARLIEST && value * factor < LATEST);
  return unit === undefined ? [] : [value * unit];
}

const byNumber: Read = ([, year, mon = '', day = '', h = '', min = '', sec], near) =>
  dated(year, [Number(mon) - 1, day, h, min, sec], near);

const forms: readonly [RegExp, Read][] = [
  [new RegExp(`^(\\d{4})[-/.](\\d\\d)[-/.](\\d\\d)(?:[T _:]{1,2}${clock}|(?=[\\s\\]]))`), byNumber],
  [/^(20\d\d)(\d\d)(\d\d)[T _](\d\d):?(\d\d)/, byNumber],
  // Whether the day or the month comes first is a matter of the country.
  [
    new RegExp(`^(\\d\\d)[/.](\\d\\d)[/.](\\d{4}),?[T ]${clock}`),
    ([, a = '', b = '', year = '', h = '', min = '', sec]) => [
      utc(Number(year), [Number(a) - 1, b, h, min, sec]),
      utc(Number(year), [Number(b) - 1, a, h, min, sec]),
    ],
  ],
  [
    new RegExp(
      `^(?:[A-Z][a-z]{2},? )?${month} {1,2}(\\d\\d?),? (?:(\\d{4}),? )?${clock}(?: (?:[AP]M|[A-Z]{3,4}))?(?: (\\d{4})\\b)?`,
    ),
    ([, mon = '', day = '', year, h = '', min = '', sec, last], near) =>
      dated(year ?? last, [monthOf(mon), day, h, min, sec], near),
  ],
  [
    new RegExp(`^(?:[A-Z][a-z]{2}, )?(\\d\\d?)[ /-]${month}(?:[ /-](\\d{4}))?[ :T]{1,2}${clock}`),
    ([, day = '', mon = '', year, h = '', min = '', sec], near) => dated(year, [monthOf(mon), day, h, min, sec], near),
  ],
];

const ofKlog = /^[IWEF](\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.\d/;
const ofRequest = new RegExp(`\\[(\\d\\d)/${month}/(\\d{4}):${clock}`);
/** A bare number of seconds in front of a line is rather a count. */
const epochInFront = /^(?:(\d{13}|\d{16}|\d{19}|\d{10}\.\d{1,9})(?=[\s\]:,|])|(\d{10})(?=\]))/;
const epochInField = /^(\d{9,19}(?:\.\d{1,9})?|\d\.\d{1,18}e\+?\d{1,2})(?=["\s,}\]]|$)/i;

function readAt(text: string, near: number): number[] {
  for (const [form, read] of forms) {
    const found = form.exec(text);
    if (found !== null) return read(found, near);
  }
  return [];
}

function ofFields(line: string, near: number): number[] {
  return [...line.matchAll(named)].flatMap(({ 0: name, index }) => {
    const value = line.slice(index + name.length, index + name.length + 40);
    const epoch = epochInField.exec(value)?.[1];
    return epoch === undefined ? readAt(value, near) : sinceEpoch(epoch);
  });
}

function inFront(line: string, near: number): number[] {
  const text = begun.test(line) ? line : line.slice(front.exec(line)?.[0].length ?? 0);
  const epoch = epochInFront.exec(text);
  if (epoch !== null) return sinceEpoch(epoch[1] ?? epoch[2] ?? '');
  const [, mon, day = '', ...rest] = ofKlog.exec(line) ?? [];
  const [h = '', min = '', sec] = rest;
  if (mon !== undefined) return dated(undefined, [Number(mon) - 1, day, h, min, sec], near);
  const told = readAt(text, near);
  return told.length > 0 ? told : ofServed(line, near);
}

function ofServed(line: string, near: number): number[] {
  const [, day, name = '', year, ...rest] = ofRequest.exec(line) ?? [];
  const [hour = '', minute = '', second] = rest;
  return day === undefined ? [] : dated(year, [monthOf(name), day, hour, minute, second], near);
}

/** Every line of a time of its own has one of these; most others have neither. */
const maybe = /\d\d?:\d\d|\d{9}|\d\.\d+e|\d{4}-\d\d-\d\d/i;

/**
 * When a line says that it was written, as milliseconds: what stands in front of it or in its field of time, all readings where
 * there are several. Zones are not heeded: whoever asks must leave room for a local time anyway. Empty for a line that tells no
 * date, or an uptime alone.
 */
export function writtenAt(line: string, near: number): number[] {
  const start = line.slice(0, NEAR_FRONT);
  if (!maybe.test(start)) return [];
  const all = fields.test(start) ? ofFields(start, near) : inFront(start, near);
  return all.filter((at) => at >= EARLIEST && at < LATEST);
}

/** So far a time may be off: zones, clocks that differ, and ages that are told in whole days. */
export const LEEWAY = seconds('24h') * 1_000;
