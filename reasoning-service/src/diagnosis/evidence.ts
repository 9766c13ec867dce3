import type { Bundle, Diagnosis, Json } from '@aetherius/shared/contracts';
import { keyOf } from './graph/object-key.ts';
import { healthOf } from './health/health.ts';
import { lines, linesOf } from './json-path.ts';
import { inTime } from './verdict/in-time.ts';
import { isInTime } from './verdict/open-events.ts';

export type Evidence = Diagnosis['evidence'][number];

/** What is quoted without times and counts, so that what a log says again and again counts once. */
export const wordsOf = ({ id, quote }: Evidence): string => `${id} ${quote.replaceAll(/\d+/g, '#')}`;

type Metric = Bundle['metrics'][number];
type Alert = Bundle['alerts'][number];
type Forecast = Bundle['forecasts'][number];

/** A metric as evidence quotes it: `latency_p99{service=api}: last 2.4, highest 3.1`. */
export function metricText({ name, labels, points }: Metric): string {
  const values = points.map(([, value]) => value);
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const about = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return `${name}{${about.join(',')}}: last ${values.at(-1)}, highest ${highest}`;
}

/** An alert as evidence quotes it, one line per label and annotation. */
export const alertText = ({ name, labels, annotations }: Alert): string =>
  [`alert: ${name}`, ...lines(labels as Json), ...lines(annotations as Json)].join('\n');

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** A forecast as evidence quotes it: `volume_used_ratio: 0.78 of 1, reached at … (… to …) with probability 0.95; its bands held 0.9 of the time`. */
export function forecastText({ series, value, limit, reached_at, earliest_at, latest_at, ...sure }: Forecast): string {
  const about = Object.entries(series.labels).map(([key, label]) => `${key}=${label}`);
  const name = about.length === 0 ? series.name : `${series.name}{${about.join(',')}}`;
  const band = earliest_at === null && latest_at === null ? '' : ` (${earliest_at ?? '…'} to ${latest_at ?? '…'})`;
  const when = reached_at === null ? 'expected to be reached' : `reached at ${reached_at}${band}`;
  return `${name}: ${short(value)} of ${short(limit)}, ${when} with probability ${short(sure.probability)}; bands of such forecasts held ${short(sure.confidence)} of the time`;
}

/** Alerts as evidence, each by its name. */
export const citeAlerts = (alerts: readonly Alert[]): Evidence[] =>
  alerts.map((alert) => ({ id: alert.id, quote: alertText(alert).split('\n')[0] ?? '' }));

/** What an event says; one without words says its reason. */
export const eventText = ({ message, reason }: Bundle['events'][number]): string =>
  message.trim() === '' ? reason : message;

type Citable = { text: () => string; isInTime: () => boolean };

const always = () => true;

/** Everything in a bundle that can be cited: objects as they are now, and all else that is of their time. The text is made only for what is cited: an object is long. */
function citable(bundle: Bundle): Map<string, Citable> {
  const now = Date.parse(bundle.at);
  const objects = new Map(bundle.objects.map((object) => [keyOf(object), object]));
  const items = new Map<string, Citable>();
  for (const { id, body } of bundle.objects) items.set(id, { text: () => linesOf(body).join('\n'), isInTime: always });
  for (const event of bundle.events) {
    const about = objects.get(keyOf(event));
    const isBroken = () => about !== undefined && healthOf(about, now).state === 'broken';
    items.set(event.id, { text: () => eventText(event), isInTime: () => isInTime(event, now, isBroken()) });
  }
  const { logs, changes, metrics, forecasts, alerts } = inTime(bundle);
  for (const log of logs) items.set(log.id, { text: () => log.lines.join('\n'), isInTime: always });
  for (const { id, fields } of changes)
    items.set(id, { text: () => lines(fields as Json).join('\n'), isInTime: always });
  for (const metric of metrics) items.set(metric.id, { text: () => metricText(metric), isInTime: always });
  for (const one of forecasts) items.set(one.id, { text: () => forecastText(one), isInTime: always });
  for (const alert of alerts) items.set(alert.id, { text: () => alertText(alert), isInTime: always });
  return items;
}

/** Every finding of a bundle is proved by the same items. */
const known = new WeakMap<Bundle, Map<string, Citable>>();

/** A judge of evidence: keeps only what is in the bundle, says what it is quoted to say, and lies in its time. */
export function createProof(bundle: Bundle): (evidence: readonly Evidence[]) => Evidence[] {
  const items = known.get(bundle) ?? citable(bundle);
  known.set(bundle, items);
  return (evidence) => {
    const seen = new Set<string>();
    return evidence.filter(({ id, quote }) => {
      const item = items.get(id);
      const isRepeated = seen.has(`${id} ${quote}`);
      seen.add(`${id} ${quote}`);
      return item !== undefined && !isRepeated && item.isInTime() && item.text().includes(quote);
    });
  };
}
