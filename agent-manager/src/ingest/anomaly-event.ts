import {
  type Anomaly,
  Bundle,
  type Event,
  fingerprintOf,
  LIMIT_FORECAST,
  type Severity,
} from '@aetherius/shared/contracts';

const SOURCE = 'reasoning-service';

const reasons: Record<Anomaly['kind'], string> = {
  unusual: 'UnusualMetric',
  flat: 'FlatMetric',
  missing: 'MissingMetric',
  joint: 'UnusualMetrics',
  limit: LIMIT_FORECAST,
};

const opens = (severity: Severity): boolean => severity === 'critical' || severity === 'high';

/**
 * A strange number is no fault of its own: it may feed an incident and never opens one. A limit is another matter: it will be reached,
 * by a forecast whose bands held, so its severity stands.
 */
const cappedFor = ({ kind, severity }: Anomaly): Severity =>
  opens(severity) && kind !== 'limit' ? 'medium' : severity;

const amount = (value: number): string => String(Number(value.toPrecision(4)));

function ofLimit({ series, value, limit, at, signal }: Anomaly): string {
  if (signal === 'clear')
    return value === null
      ? `${series.name} is measured no longer, so nothing is foretold of it any more`
      : `${series.name} is ${amount(value)} and no longer expected to reach its limit`;
  const hours = (Date.parse(limit?.reached_at ?? at) - Date.parse(at)) / 3_600_000;
  const when =
    limit?.reached_at == null
      ? 'is expected to reach it'
      : hours <= 0
        ? 'has reached it'
        : `reaches it in about ${amount(hours)} h`;
  return `${series.name} is ${amount(value ?? 0)} of ${amount(limit?.value ?? 1)} and ${when} (probability ${amount(limit?.probability ?? 0)})`;
}

function inWords(anomaly: Anomaly): string {
  const { kind, series, value, expected, score } = anomaly;
  if (kind === 'limit') return ofLimit(anomaly);
  if (kind === 'missing') return `${series.name} sends no data any more`;
  if (kind === 'flat') return `${series.name} has not moved from ${value === null ? 'one value' : amount(value)}`;
  const seen = value === null ? '' : ` is ${amount(value)}`;
  const usual = expected === null ? '' : `, expected ${amount(expected.low)} to ${amount(expected.high)}`;
  return `${series.name}${seen}${usual} (score ${amount(score)})`;
}

/** The forecast as evidence: all that is known of a fault that has not happened yet. */
function evidenceOf({ cluster_id, subject, series, at, value, limit, confidence }: Anomaly): Bundle | null {
  if (limit === null) return null;
  const { value: most, ...when } = limit;
  const forecast = { id: `forecast:${series.name}`, series, at, value: value ?? 0, limit: most, ...when, confidence };
  return Bundle.parse({ cluster: cluster_id, at, subject, forecasts: [forecast] });
}

/** An anomaly as an event of the thing that it was seen on; it keeps its id, so that a repeated message stays one event. */
export function anomalyEvent(anomaly: Anomaly): Event {
  const { subject, cluster_id, at } = anomaly;
  return {
    id: anomaly.id,
    cluster_id,
    agent_id: SOURCE,
    type: 'anomaly',
    signal: anomaly.signal,
    source: SOURCE,
    namespace: subject.namespace,
    severity: cappedFor(anomaly),
    reason: reasons[anomaly.kind],
    message: inWords(anomaly).slice(0, 2000),
    object: { api_version: 'v1', ...subject, uid: null },
    owner: null,
    node: subject.kind === 'Node' ? subject.name : null,
    count: 1,
    fingerprint: fingerprintOf(cluster_id, subject),
    timestamp: at,
    reported_at: at,
    labels: { ...anomaly.series.labels, series: anomaly.series.name },
    bundle: opens(cappedFor(anomaly)) ? evidenceOf(anomaly) : null,
  };
}
