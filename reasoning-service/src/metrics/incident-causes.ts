import { type Bundle, limitSeries, type MetricCauses, type Subject } from '@aetherius/shared/contracts';
import type { Db } from '@aetherius/shared/postgres';
import { type CitedLine, linesOfLogs } from '../rootcause/bundle-logs.ts';
import { departureOf } from '../rootcause/departure.ts';
import { type BundleAnswer, type CitedRanked, rootCausesIn, type Seen } from '../rootcause/from-bundle.ts';
import { metricKind } from '../rootcause/metric-kind.ts';
import type { Call, Target } from '../rootcause/series.ts';
import { symptomOf } from '../rootcause/symptom.ts';
import { type Workload, workloadsOf } from './inventory-store.ts';
import { entityOfSubject, measuredSubject, neighbourhood, observedCalls, placements } from './neighbourhood.ts';
import { type KnownSeries, pointsOf, seriesIn } from './window-store.ts';

type Metric = Bundle['metrics'][number];

/** History before an incident, and how long after its evidence was taken a sample still counts. */
const BEFORE_MS = 90 * 60_000;
const AFTER_MS = 5 * 60_000;
const MOST_RANKED = 5;
const MOST_EVIDENCE = 3;

/** One way to ask: the metric to explain, and when it left its baseline. */
type Asked = { target: Target | undefined; onset: number | undefined };

const labelsOf = ({ series, subject }: KnownSeries): Metric['labels'] =>
  series.labels['caller'] !== undefined
    ? series.labels
    : subject.namespace === null
      ? { node: subject.name }
      : { namespace: subject.namespace, workload: subject.name };

const idIn = (one: KnownSeries): string => {
  const { caller, callee } = one.series.labels;
  const about = caller === undefined ? entityOfSubject(one.subject) : `${caller} -> ${callee}`;
  return `metric:${one.series.name}/${about}`;
};

/** Shares of limits are for forecasts: a quota or an autoscaler may have the name of a workload, and is none. */
const isShare = ({ series }: KnownSeries): boolean =>
  series.name in limitSeries && series.name !== 'container_restarts_total';

/** Whether a metric says that the subject itself is slow or fails. */
const isSymptomOf = (entity: string, one: KnownSeries): boolean =>
  one.series.labels['caller'] === undefined &&
  entityOfSubject(one.subject) === entity &&
  symptomOf(metricKind(one.series.name)) !== undefined;

/** The ways to ask, the likelier first: since the symptom left its baseline, since the evidence was taken, or whenever it shows. */
function questionsFor(metric: Metric | undefined, entity: string, at: number): Asked[] {
  if (metric === undefined) return [{ target: undefined, onset: undefined }];
  const target = { entity, metric: metric.name };
  const times = metric.points.map(([time]) => Date.parse(time));
  const left = departureOf({ times, values: metric.points.map(([, value]) => value) });
  const latest = times.findLast((time) => time <= at);
  return [...new Set([left, latest])].flatMap((onset) => (onset === undefined ? [] : [{ target, onset }]));
}

type Best = { answer: BundleAnswer; asked: Asked };

function best(seen: Seen, calls: Call[], questions: readonly Asked[]): Best | undefined {
  const answers = questions.map((asked) => ({ answer: rootCausesIn(seen, calls, asked), asked }));
  return answers.reduce<Best | undefined>(
    (one, other) => (one === undefined || other.answer.confidence > one.answer.confidence ? other : one),
    undefined,
  );
}

const digits = (value: number): string => String(Number(value.toPrecision(3)));

function said({ evidence, cited }: CitedRanked): { id: string; quote: string }[] {
  return evidence.slice(0, MOST_EVIDENCE).map(({ metric, deviation, before, after }, at) => {
    const change = before === null || after === null ? '' : `: ${digits(before)} before, ${digits(after)} after`;
    return { id: cited[at] ?? cited[0] ?? '', quote: `${metric}${change} (${digits(deviation)} scales)`.slice(0, 300) };
  });
}

/** What the metrics around an incident say of its cause; null where the agent of the cluster samples none of its subject. */
export async function metricCausesOf(bundle: Bundle, db: Db): Promise<MetricCauses | null> {
  const known = (await seriesIn(db, bundle.cluster)).filter((one) => !isShare(one));
  if (known.length === 0) return null;
  const workloads = await workloadsOf(db, bundle.cluster);
  const subject = measuredSubject(bundle.subject, workloads);
  const entity = entityOfSubject(subject);
  const observed = observedCalls(known);
  const near = neighbourhood(subject, { calls: observed, workloads });
  const isNear = ({ series: { labels }, subject }: KnownSeries) =>
    near.has(entityOfSubject(subject)) && (labels['caller'] === undefined || near.has(labels['caller']));
  const chosen = known.filter(isNear);
  const at = Date.parse(bundle.at);
  const points = await pointsOf(
    db,
    chosen.map(({ id }) => id),
    { from: new Date(at - BEFORE_MS), to: new Date(at + AFTER_MS) },
  );
  const measured = chosen.flatMap((one) => {
    const found = points.get(one.id);
    const metric = { id: idIn(one), name: one.series.name, labels: labelsOf(one), points: found ?? [] };
    return found === undefined ? [] : [{ one, metric }];
  });
  if (measured.length === 0) return null;
  const symptoms = measured.filter(({ one }) => isSymptomOf(entity, one)).map(({ metric }) => metric);
  const questions = (symptoms.length === 0 ? [undefined] : symptoms).flatMap((one) => questionsFor(one, entity, at));
  const calls = [...observed, ...placements(workloads)].filter(
    ({ caller, callee }) => near.has(caller) && near.has(callee),
  );
  const found = best(
    { metrics: measured.map(({ metric }) => metric), logs: logsNear(bundle, workloads, near) },
    calls,
    questions,
  );
  const subjects = new Map(known.map((one) => [entityOfSubject(one.subject), one.subject]));
  return found === undefined ? null : answerOf(found, measured.length, subjects);
}

/** What the logs of the neighbourhood say, as the words of the workloads behind their pods. */
const logsNear = ({ logs }: Bundle, workloads: readonly Workload[], near: ReadonlySet<string>): CitedLine[] =>
  linesOfLogs(logs, ({ namespace, pod }) => {
    const entity = entityOfSubject(measuredSubject({ kind: 'Pod', namespace, name: pod }, workloads));
    return near.has(entity) ? entity : undefined;
  });

function answerOf({ answer, asked }: Best, series: number, subjects: ReadonlyMap<string, Subject>): MetricCauses {
  const { status, reason, onset, confidence, strength, ranked } = answer;
  return {
    status,
    reason,
    onset: onset === null ? null : new Date(onset).toISOString(),
    onset_found: onset !== null,
    target: asked.target ?? null,
    confidence,
    strength,
    series,
    ranked: ranked.slice(0, MOST_RANKED).flatMap((one) => {
      const subject = subjects.get(one.entity);
      return subject === undefined ? [] : [{ subject, entity: one.entity, metric: one.metric, evidence: said(one) }];
    }),
  };
}
