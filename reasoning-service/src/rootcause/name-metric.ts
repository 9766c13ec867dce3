import { LEAST_FAIR } from './confidence.ts';
import { spreadOf } from './deviation.ts';
import { byDeviation, type Evidence } from './evidence.ts';
import { isResource } from './metric-kind.ts';
import { type Moment, seriesDeviation } from './resources.ts';
import type { Series } from './series.ts';

/** A resource that left its baseline by less than this share of a scale, floor included, did not move. */
const LEAST_MOVED = 0.5;

/**
 * Second pass: which metric of a service that is already chosen, from its strongest evidence first. Among resources the
 * relative floor would be wrong: it protects against quiet services, but within one service the quiet series that moved is
 * the one to name. Where something else won (throttling, restarts, lost packets, a series without scatter), a resource
 * must have moved clearly by itself to be named in its place.
 */
export function nameMetric(evidence: readonly Evidence[], ofEntity: readonly Series[], moment: Moment): string {
  const [first] = evidence;
  const compared = ofEntity
    .filter(({ kind }) => isResource(kind))
    .flatMap(
      (series) =>
        seriesDeviation(series, moment, (baseline) => (baseline.iqr === 0 ? Number.NaN : spreadOf(baseline))) ?? [],
    )
    .filter(({ deviation }) => deviation > 0)
    .sort(byDeviation);
  const least = compared.some(({ metric }) => metric === first?.metric) ? LEAST_MOVED : LEAST_FAIR;
  const moved = evidence.filter(({ kind, deviation }) => kind === 'resource' && deviation >= least);
  const named = compared.find(({ metric }) => moved.some((one) => one.metric === metric));
  return named?.metric ?? first?.metric ?? '';
}
