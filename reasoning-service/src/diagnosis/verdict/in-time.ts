import { type Bundle, type BundleLog, type BundleObject, seconds } from '@aetherius/shared/contracts';
import { statusesOf } from '../health/health.ts';
import { textAt } from '../json-path.ts';
import { levelOf } from '../messages/log-level.ts';
import { LEEWAY, writtenAt } from '../messages/written-at.ts';

/** Where nothing tells since when a program runs, its log may end so long before the rest was seen: some say little. */
const SILENT = seconds('30d') * 1_000;
/** What was rolled out before that is not what broke just now. */
const CHANGED = seconds('7d') * 1_000;
/** Figures and forecasts that end before that speak of another time. */
const MEASURED = seconds('24h') * 1_000;

type Holds = (at: number) => boolean;

const within = (from: number, until: number): Holds => {
  const [earliest, latest] = [from - LEEWAY, until + LEEWAY];
  return (at) => at >= earliest && at <= latest;
};

const timesAt = (parts: readonly Parameters<typeof textAt>[0][], paths: readonly string[]): number[] =>
  parts.flatMap((part) => paths.map((path) => Date.parse(textAt(part, path) ?? ''))).filter((at) => !Number.isNaN(at));

const PREVIOUS = 'lastState.terminated.startedAt';
const CURRENT = ['state.running.startedAt', 'state.terminated.startedAt'];

/**
 * Since when a container has run, counting the run before, which a log without a mark may be of; else since its pod is there.
 * The age in a row of a table counts back from the very time that is in question, so it tells nothing.
 */
function runsSince(pod: BundleObject, { container, previous }: BundleLog): number | undefined {
  const all = statusesOf(pod);
  const own = all.filter((status) => textAt(status, 'name') === container);
  const told = own.length > 0 ? own : all;
  const began = timesAt(told, previous ? [PREVIOUS] : [PREVIOUS, ...CURRENT]);
  const isWhole = textAt(pod.body, 'metadata.uid') !== undefined;
  const made = timesAt([pod.body], ['status.startTime', ...(isWhole ? ['metadata.creationTimestamp'] : [])]);
  const known = began.length > 0 ? began : made;
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Whether a log is all that is there, so that its own end is the time that it is judged by. */
const isAlone = ({ objects, events, metrics, alerts }: Bundle): boolean =>
  [objects, events, metrics, alerts].every((part) => part.length === 0);

type Dated = { line: string; at: readonly number[] };

/** In which time the lines of a log speak of what is there now: that of its run, or any time up to an end that is not long past. */
function timeOf(log: BundleLog, lines: readonly Dated[], bundle: Bundle): Holds {
  const now = Date.parse(bundle.at);
  const isOwn = ({ kind, name, namespace }: BundleObject) =>
    kind === 'Pod' && name === log.pod && (log.namespace === null || log.namespace === namespace);
  const pod = bundle.objects.find(isOwn);
  const since = pod && runsSince(pod, log);
  if (since !== undefined) return within(since, now);
  if (isAlone(bundle)) return () => true;
  const last = lines.findLast(({ at }) => at.length > 0)?.at ?? [];
  const isRecent = last.some(within(now - SILENT, now));
  return (at) => isRecent && at <= now + LEEWAY;
}

/** The only date of a log, where it heads no complaint, may be that of a build: it dates nothing below it. */
function hasBanner(lines: readonly Dated[]): boolean {
  const [only, ...others] = lines.filter(({ at }) => at.length > 0);
  return only !== undefined && others.length === 0 && ['none', 'info'].includes(levelOf(only.line));
}

/** A log without the lines of another time; what stands below a line and has no time of its own goes with it. */
function logInTime(log: BundleLog, bundle: Bundle): BundleLog {
  const now = Date.parse(bundle.at);
  const lines = log.lines.map((line) => ({ line, at: writtenAt(line, now) }));
  const holds = timeOf(log, lines, bundle);
  if (lines.every(({ at }) => at.length === 0 || at.some(holds))) return log;
  const isFree = hasBanner(lines);
  let isIn = true;
  const kept = lines.filter(({ at }) => {
    if (at.length > 0) isIn = at.some(holds);
    return isIn || (isFree && at.length === 0);
  });
  return { ...log, lines: kept.map(({ line }) => line) };
}

const isHeard = (log: BundleLog, given: BundleLog): boolean => log.lines.length > 0 || given.lines.length === 0;

const OF_ANOTHER_TIME = 'they are of another time';

/** What was left out of a bundle for its time, in words. */
export const leftOut = ({ cut }: Bundle): string[] => cut.filter((one) => one.endsWith(OF_ANOTHER_TIME));

const logOf = (pod: string): string => `lines of the log of ${pod} `;

/** Whether lines of a pod's log were left out. */
export const isLogLeftOut = (bundle: Bundle, pod: string): boolean =>
  leftOut(bundle).some((one) => one.includes(logOf(pod)));

function told(given: readonly BundleLog[], kept: readonly BundleLog[]): string[] {
  return given.flatMap(({ pod, container, lines }, index) => {
    const left = lines.length - (kept[index]?.lines.length ?? 0);
    return left === 0 ? [] : [`${left} of ${lines.length} ${logOf(pod)}${container}: ${OF_ANOTHER_TIME}`];
  });
}

const made = new WeakMap<Bundle, Bundle>();

function keep(bundle: Bundle, found: Bundle): Bundle {
  made.set(bundle, found);
  made.set(found, found);
  return found;
}

/**
 * A bundle without what tells its own time and was not said, measured, changed or foretold about the time that it is about. Events
 * are judged beside how the object fares that they are of; an alert that fires is of now, whenever it began.
 */
export function inTime(bundle: Bundle): Bundle {
  const known = made.get(bundle);
  if (known !== undefined) return known;
  const now = Date.parse(bundle.at);
  const logs = bundle.logs.map((log) => logInTime(log, bundle));
  const isMeasured = within(now - MEASURED + LEEWAY, now);
  const isLate = within(now - CHANGED + LEEWAY, now);
  const metrics = bundle.metrics.map((metric) => {
    const points = metric.points.filter(([at]) => isMeasured(Date.parse(at)));
    return points.length === metric.points.length ? metric : { ...metric, points };
  });
  return keep(bundle, {
    ...bundle,
    logs: logs.filter((log, index) => isHeard(log, bundle.logs[index] ?? log)),
    metrics: metrics.filter(({ points }, index) => points.length > 0 || bundle.metrics[index]?.points.length === 0),
    alerts: bundle.alerts.filter(({ starts_at: at }) => at === null || Date.parse(at) <= now + LEEWAY),
    changes: bundle.changes.filter(({ at }) => isLate(Date.parse(at))),
    forecasts: bundle.forecasts.filter(({ at }) => isMeasured(Date.parse(at))),
    cut: [...bundle.cut, ...told(bundle.logs, logs)],
  });
}

/** The same evidence as of a later time: what its logs tell of is settled by the time at which they end. */
export const inTimeAsOf = (later: Bundle, early: Bundle): Bundle => {
  const { logs, cut } = inTime(early);
  return keep(later, { ...inTime(later), logs, cut });
};
