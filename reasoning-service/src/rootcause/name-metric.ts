import { spreadOf } from './deviation.ts';
import { byDeviation, type Evidence } from './evidence.ts';
import { isResource } from './metric-kind.ts';
import { type Moment, seriesDeviation } from './resources.ts';
import type { Series } from './series.ts';

/**
 * Second pass: which resource of a service that is already chosen. Here the relative floor would be wrong: it protects
 * against quiet services, but within one service the quiet series that moved is the one to name. Series without scatter
 * cannot be compared and are left out.
 */
export function nameMetric(ofEntity: readonly Series[], moment: Moment): Evidence | undefined {
  const found = ofEntity
    .filter(({ kind }) => isResource(kind))
    .flatMap(
      (series) =>
        seriesDeviation(series, moment, (baseline) => (baseline.iqr === 0 ? Number.NaN : spreadOf(baseline))) ?? [],
    )
    .filter((evidence) => evidence.deviation > 0);
  return found.sort(byDeviation)[0];
}
