import { own } from './json-path.ts';

const MINUTES_OF_DAY = 1_440;

/** Days in a row, enough of them for a 29th of February to come round. */
const calendar = Array.from({ length: 5 * 366 }, (_, index) => {
  const day = new Date(Date.UTC(2024, 0, 1 + index));
  return { index, date: day.getUTCDate(), month: day.getUTCMonth() + 1, weekday: day.getUTCDay() };
});

const macros: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const every = /^@every \d\S*$/;
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

type Field = { least: number; most: number; names: readonly string[] };
const fields: readonly Field[] = [
  { least: 0, most: 59, names: [] },
  { least: 0, most: 23, names: [] },
  { least: 1, most: 31, names: [] },
  { least: 1, most: 12, names: monthNames },
  { least: 0, most: 7, names: dayNames },
];

/** The numbers that one field allows; `isAny` where it says nothing, which for days leaves the word to the other field. */
type Allowed = { values: ReadonlySet<number>; isAny: boolean };
type Schedule = readonly Allowed[];

const withoutZone = (text: string): string => text.trim().replace(/^(?:CRON_)?TZ=\S+\s+/, '');

function numberOf(word: string, { least, most, names }: Field): number | undefined {
  const named = names.indexOf(word.toUpperCase());
  const value = named >= 0 ? named + least : /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

/** `*`, `?`, `5`, `MON-FRI`, each with a step behind it. */
function valuesOf(part: string, field: Field): number[] | undefined {
  const [, range = '', step] = /^([^/]+)(?:\/(\d{1,4}))?$/.exec(part) ?? [];
  const isAny = range === '*' || range === '?';
  const [first = '', last, ...others] = range.split('-');
  const from = isAny ? field.least : numberOf(first, field);
  const open = step === undefined ? from : field.most;
  const to = isAny ? field.most : last === undefined ? open : numberOf(last, field);
  if (from === undefined || to === undefined || from > to || others.length > 0 || step === '0') return undefined;
  const width = Number(step ?? 1);
  return Array.from({ length: Math.floor((to - from) / width) + 1 }, (_, index) => from + index * width);
}

function allowedBy(text: string, field: Field): Allowed | undefined {
  const parts = text.split(',').map((part) => valuesOf(part, field));
  if (parts.some((part) => part === undefined)) return undefined;
  return { values: new Set(parts.flatMap((part) => part ?? [])), isAny: /^[*?]/.test(text) };
}

function parse(text: string): Schedule | undefined {
  const words = (own(macros, text) ?? text).slice(0, 1_000).split(/\s+/);
  if (words.length !== fields.length) return undefined;
  const allowed = fields.flatMap((field, index) => allowedBy(words[index] ?? '', field) ?? []);
  return allowed.length === fields.length ? allowed : undefined;
}

/** Whether a CronJob's schedule can be read: five fields of numbers, names, ranges and steps within their bounds, or a known word. */
export function isSchedule(text: string): boolean {
  const plain = withoutZone(text);
  return every.test(plain) || parse(plain) !== undefined;
}

const isIn = (one: Allowed | undefined, value: number): boolean => one?.values.has(value) === true;

/** A day of the month and a day of the week that are both stated stand side by side: either is enough. */
function runsOn([, , ofMonth, months, ofWeek]: Schedule, { date, month, weekday }: (typeof calendar)[number]): boolean {
  if (!isIn(months, month)) return false;
  const byMonth = isIn(ofMonth, date);
  const byWeek = isIn(ofWeek, weekday) || (weekday === 0 && isIn(ofWeek, 7));
  return ofMonth?.isAny === true || ofWeek?.isAny === true ? byMonth && byWeek : byMonth || byWeek;
}

const widest = (sorted: readonly number[]): number =>
  sorted.reduce((most, value, index) => Math.max(most, value - (sorted[index - 1] ?? value)), 0);

/** Seconds that may lie between two runs of a schedule at most; undefined where it cannot be read or never comes. */
export function longestPause(text: string): number | undefined {
  const schedule = parse(withoutZone(text));
  if (schedule === undefined) return undefined;
  const [minutes, hours] = schedule;
  const times = [...(hours?.values ?? [])]
    .flatMap((hour) => [...(minutes?.values ?? [])].map((minute) => hour * 60 + minute))
    .sort((a, b) => a - b);
  const runDays = calendar.filter((day) => runsOn(schedule, day)).map(({ index }) => index);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || runDays.length < 2) return undefined;
  const overnight = (widest(runDays) - 1) * MINUTES_OF_DAY + (MINUTES_OF_DAY - last + first);
  return Math.max(widest(times), overnight) * 60;
}
