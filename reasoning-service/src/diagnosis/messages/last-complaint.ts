import { type Category, seconds } from '@aetherius/shared/contracts';
import { isProbe, statusIn } from './answered-requests.ts';
import { withoutNone } from './log-level.ts';
import { isComplaint, isWordy, type Statement } from './log-line.ts';
import { causeIn } from './log-signature.ts';

/** How a server says that it is up: what failed while it started did not keep it from that. */
const saysUp =
  /(?<!not |never )\b(?:listening (?:on|at)|serving (?:on|at|https?)|ready to (?:accept|serve|handle)|started \S{1,80} in \d|start(?:ed|up) (?:successfully|complete[d]?))\b/i;
export const cameUp = ({ level, text }: Statement): boolean =>
  level !== 'error' && level !== 'fatal' && saysUp.test(text);

/** How a program tells that some work went well; a status of a request is a number alone. */
const wentWell =
  /(?<!not |never |un|in|no )\b(?:ok|done|success\w{0,5}|succeeded|complete[sd]?|finished|processed|placed|created|updated|handled|served|saved|sent|stored|wrote|written|published|accepted|delivered|fetched|received|obtained|renewed|granted|established|connected|reconnected|recovered|restored|resumed|healthy|listening|ready|20[0-46])\b/i;

/** Whether a statement tells that some work went well. */
export const isGood = ({ level, text }: Statement): boolean =>
  (level === 'info' || level === 'none') && wentWell.test(text) && !isWordy(withoutNone(text));

/** Of so few lines the first is near the end as well, and after so many a program goes on, whatever they say. */
const FEW = 3;
const ENOUGH = 6;
/** Complaints that all lie before this share of a log are over, and of which they are less than that share are one among many. */
const OVER_BEFORE = 0.5;
const MANY = 0.1;

/** A complaint that a log leaves open near its end, and whether no work of any kind went well after it. */
export type LastComplaint = { said: Statement; isLastWord: boolean };

/** The last complaint of those that a log leaves open; none where it is long past, one among many, or the program came up after it. */
export function lastComplaint(all: readonly Statement[], open: readonly Statement[]): LastComplaint | undefined {
  const complaints = open.filter(isComplaint);
  const said = complaints.at(-1);
  if (said === undefined) return undefined;
  const at = all.lastIndexOf(said);
  const rest = all.slice(at + 1);
  const isPast = at < Math.floor(all.length * OVER_BEFORE) && rest.length >= FEW;
  const wasWell = rest.some(isGood);
  const isMany = complaints.length >= all.length * MANY;
  if (isPast || (!isMany && (wasWell || rest.length >= ENOUGH)) || rest.some(({ text }) => saysUp.test(text)))
    return undefined;
  return { said, isLastWord: isMany && !wasWell };
}

/** A time with a date near the front of a line; of all lines of one log in the same zone. */
const dated = /\b(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)/;
const NEAR_FRONT = 60;

function timeOf({ line }: Statement): number {
  const [, day, clock] = dated.exec(line.slice(0, NEAR_FRONT)) ?? [];
  return day === undefined ? Number.NaN : Date.parse(`${day}T${clock}Z`);
}

const QUIET = seconds('10m') * 1_000;
const TIMES = 10;
const saysRetry = /\bre-?(?:try|tries|trying|connect(?:ing)?)\b|\btry(?:ing)? again\b|\battempt\b/i;

/** Whether a log goes on for much longer than it complained. */
function isLongPast(said: readonly Statement[], last: Statement): boolean {
  const [from, to, end] = [said[0], said.at(-1), last].map((one) => (one === undefined ? Number.NaN : timeOf(one)));
  return Number(end) - Number(to) >= Math.max(QUIET, (Number(to) - Number(from)) * TIMES);
}

const FAILED = 500;
const isServed = ({ line }: Statement): boolean => (statusIn(line) ?? FAILED) < FAILED && !isProbe(line);
/** Who fails passes, as a peer that is away does. */
const passing: ReadonlySet<Category> = new Set(['dependency_unreachable', 'dns_failure', 'slow_dependency_db']);
const passes = (one: Statement): boolean => passing.has(causeIn(one)?.category ?? 'unknown');

/** Whether what would show again has not: tries that would have been repeated, or calls that those would need who were served. */
const wouldShow = (said: readonly Statement[], rest: readonly Statement[]): boolean =>
  said.every(({ text }) => saysRetry.test(text)) ||
  (said.every(passes) &&
    rest.filter(isServed).length >= FEW &&
    !rest.some((one) => isComplaint(one) || one.level === 'warn' || (statusIn(one.line) ?? 0) >= FAILED));

/** Whether complaints are long past: a program came up after them, or would have made them anew, and works ever since. */
export function areLongOver(all: readonly Statement[], said: readonly Statement[]): boolean {
  const last = said.at(-1);
  const rest = last === undefined ? [] : all.slice(all.lastIndexOf(last) + 1);
  const end = rest.at(-1);
  if (end === undefined || !isLongPast(said, end) || !rest.some((one) => isGood(one) || isServed(one))) return false;
  return wouldShow(said, rest) || (said.every(passes) && cameUpIn(rest));
}

const cameUpIn = (rest: readonly Statement[]): boolean => {
  const up = rest.findIndex(({ text }) => saysUp.test(text));
  return up >= 0 && rest.slice(up + 1).some(isGood);
};

/** Whether a program went to work after what it complained of: once it was up, or long after the last of its tries. */
export function wentToWork(all: readonly Statement[], said: readonly Statement[]): boolean {
  const last = said.at(-1);
  return last !== undefined && (cameUpIn(all.slice(all.lastIndexOf(last) + 1)) || areLongOver(all, said));
}
