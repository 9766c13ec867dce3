import { metricKind } from './metric-kind.ts';
import type { Series, Target } from './series.ts';
import { symptomOf } from './symptom.ts';

const SHOWN = 8;
const list = (names: Iterable<string>): string => {
  const all = [...new Set(names)];
  const more = all.length > SHOWN ? `, … (${all.length})` : '';
  return `${all.slice(0, SHOWN).join(', ')}${more}`;
};

/**
 * The alert to explain, checked against what was measured: an entity, and one of its metrics by name or by kind
 * (`latency`, `errors`, `availability`). Only symptoms can be a target.
 */
export function checkTarget(
  { entity, metric }: Target,
  series: readonly Series[],
): { target: Target } | { problem: string } {
  if (series.length === 0)
    return { problem: `the alert must be a metric of a series, and no series are given; "${entity}" has none` };
  const ofEntity = series.filter((one) => one.entity === entity);
  if (ofEntity.length === 0)
    return { problem: `no series of an entity "${entity}"; there are ${list(series.map((one) => one.entity))}` };
  const symptoms = ofEntity.filter(({ kind }) => symptomOf(kind) !== undefined);
  const wanted = symptomOf(metricKind(metric));
  if (symptoms.some((one) => one.metric === metric)) return { target: { entity, metric } };
  if (wanted !== undefined && symptoms.some(({ kind }) => symptomOf(kind) === wanted))
    return { target: { entity, metric } };
  return {
    problem: `"${entity}" has no latency, error or availability metric "${metric}"; it has ${list(ofEntity.map((one) => one.metric))}`,
  };
}

/** `ENTITY:METRIC`; the last colon counts, because names of entities may hold some. */
export function parseTarget(text: string): Target | undefined {
  const colon = text.lastIndexOf(':');
  return colon <= 0 || colon === text.length - 1
    ? undefined
    : { entity: text.slice(0, colon), metric: text.slice(colon + 1) };
}
