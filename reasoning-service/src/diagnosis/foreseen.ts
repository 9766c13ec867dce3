import {
  type Bundle,
  type Category,
  type Diagnosis,
  type EvidenceRead,
  limitSeries,
  type Severity,
  type Subject,
} from '@aetherius/shared/contracts';
import { createProof, forecastText } from './evidence.ts';
import type { Facts } from './facts.ts';
import { inFull, subjectOf } from './graph/object-key.ts';
import { textAt } from './json-path.ts';
import { readOf } from './missing/evidence-read.ts';
import { isNameable } from './nameable.ts';
import { severityOf } from './precedence.ts';

type Forecast = Bundle['forecasts'][number];
type Running = Exclude<(typeof limitSeries)[keyof typeof limitSeries], 'restarts'>;

/** What each kind of limit is called when it is reached: the cause that it will be, what happens, and what has happened once it is. */
const limits: Record<Running, { category: Category; will: string; is: string }> = {
  claim: { category: 'disk_full', will: 'the volume of {it} will be full', is: 'the volume of {it} is full' },
  disk: { category: 'node_disk_pressure_eviction', will: 'a disk of {it} will be full', is: 'a disk of {it} is full' },
  memory: {
    category: 'oom_killed',
    will: 'a container of {it} will reach its memory limit',
    is: 'a container of {it} is at its memory limit',
  },
  quota: { category: 'quota_exceeded', will: '{it} will be used up', is: '{it} is used up' },
  hpa: {
    category: 'autoscaler_misconfiguration',
    will: '{it} will be at its maximum of replicas',
    is: '{it} is at its maximum of replicas',
  },
  connection_pool: {
    category: 'latency_high',
    will: 'a connection pool of {it} will be used up, and who wants a connection then waits',
    is: 'a connection pool of {it} is used up, and who wants a connection waits',
  },
  certificate: { category: 'tls_certificate_expired', will: '{it} will expire', is: '{it} has expired' },
};

const runningOf = (name: string): Running | undefined => {
  const kind = Object.hasOwn(limitSeries, name) ? limitSeries[name as keyof typeof limitSeries] : undefined;
  return kind === 'restarts' ? undefined : kind;
};

const HOUR = 3_600_000;
const minute = (at: string): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

/** Whether it is there already, at the time of the forecast. */
const isReached = ({ reached_at, at }: Forecast): boolean =>
  reached_at !== null && Date.parse(reached_at) <= Date.parse(at);

/** When it comes, with the band of that time: `in about 1.5 h, at 2026-11-21T13:30Z (1.3 to 1.8 h)`. */
function whenOf({ at, reached_at, earliest_at, latest_at }: Forecast): string {
  const left = (to: string): string => ((Date.parse(to) - Date.parse(at)) / HOUR).toFixed(1);
  if (reached_at === null) return 'soon';
  const band =
    earliest_at === null ? '' : ` (${left(earliest_at)} to ${latest_at === null ? 'more' : left(latest_at)} h)`;
  return `in about ${left(reached_at)} h${band}, at ${minute(reached_at)}`;
}

function describe(subject: Subject, forecast: Forecast, { will, is }: { will: string; is: string }): string {
  const labels = Object.values(forecast.series.labels);
  const it = `${inFull(subject)}${labels.length === 0 ? '' : ` (${labels.join(', ')})`}`;
  const said = (words: string): string => words.replace('{it}', it);
  const seen = minute(forecast.at);
  if (isReached(forecast)) return `${said(is)} since ${minute(forecast.reached_at ?? forecast.at)} or before`;
  const chance = `${Math.floor(100 * forecast.probability)} %`;
  return `${said(will)} ${whenOf(forecast)}, with a probability of ${chance} as seen at ${seen}; nothing has failed yet`;
}

const place = (kind: string, name: string): Subject => ({ kind, namespace: null, name });

/** What would tell what can be done: the object itself, and the class of a claim, which says whether it can grow. */
function readsOf({ graph, subject }: Facts): EvidenceRead[] {
  if (!isNameable(subject)) return [];
  const object = graph.find(subject);
  if (object === undefined) return readOf(subject, { action: 'describe', what: `how ${inFull(subject)} fares` });
  const name = subject.kind === 'PersistentVolumeClaim' ? textAt(object.body, 'spec.storageClassName') : undefined;
  const storageClass = name === undefined ? undefined : place('StorageClass', name);
  if (storageClass === undefined || graph.find(storageClass) !== undefined) return [];
  return readOf(storageClass, { action: 'get', what: `whether ${inFull(storageClass)} lets volumes grow` });
}

/** What will be broken is not as bad as what is. */
const atMostHigh = (severity: Severity): Severity => (severity === 'critical' ? 'high' : severity);

const first = (a: Forecast, b: Forecast): number =>
  Date.parse(a.reached_at ?? a.latest_at ?? '9999-01-01') - Date.parse(b.reached_at ?? b.latest_at ?? '9999-01-01');

/**
 * The limit of the subject that is reached first, as the answer: what is running out, when, and how surely. Never surer than the
 * forecast is of itself and than its past bears out.
 */
export function foreseenIn(facts: Facts): Diagnosis | undefined {
  const { bundle } = facts;
  const subject = subjectOf(facts.subject);
  const [forecast] = bundle.forecasts.filter(({ series }) => runningOf(series.name) !== undefined).toSorted(first);
  const running = forecast && runningOf(forecast.series.name);
  if (forecast === undefined || running === undefined) return undefined;
  const { reached_at, earliest_at, latest_at, probability, confidence } = forecast;
  const { category, ...words } = limits[running];
  return {
    category,
    severity: atMostHigh(severityOf(category)),
    subject,
    root_cause: { subject, description: describe(subject, forecast, words) },
    confidence: Math.floor(100 * Math.min(probability, confidence)) / 100,
    evidence: createProof(bundle)([{ id: forecast.id, quote: forecastText(forecast) }]),
    comparisons: [],
    rejected: [],
    recommendations: [],
    advice: [],
    similar_cases: [],
    runbooks: [],
    missing_evidence: [],
    reads: readsOf(facts),
    foreseen: { reached_at, earliest_at, latest_at, probability },
    status: 'answered',
  };
}
