import type { Evidence } from './evidence.ts';
import type { Moment } from './resources.ts';
import { type Observations, reachOf, type Series, stepOf } from './series.ts';

const LEAST_BASELINE = 10;
/** Share of the steps before that had a sample: what has gaps anyway says nothing by one more. */
const LEAST_COVERED = 0.95;
/** Enough for a fair answer and not for a sure one: an entity may have been taken away on purpose. */
const MOST = 7;

/** Times at which anything of an entity was measured, in order. */
const measured = (own: readonly Series[]): number[] =>
  [...new Set(own.flatMap(({ times, values }) => times.filter((_, at) => Number.isFinite(values[at]))))].sort(
    (a, b) => a - b,
  );

/** Samples that did not come since the onset; 0 where there were gaps before, or they stopped earlier or go on. */
function missed(times: readonly number[], { onset, end }: { onset: number; end: number }): number {
  const [first, last] = [times[0], times.at(-1)];
  const step = stepOf({ times });
  if (times.length < LEAST_BASELINE || first === undefined || last === undefined || step === 0) return 0;
  const covered = times.length / ((last - first) / step + 1);
  const stopped = last < onset && onset - last <= 2 * step;
  return stopped && covered >= LEAST_COVERED && end - onset >= reachOf({ times })
    ? Math.floor((end - onset) / step) + 1
    : 0;
}

/**
 * Entities of which nothing is measured any more from the onset on, while others go on. A sample that is missing is not zero:
 * nobody knows what it would have been, and that nobody measures it is what is known.
 */
export function vanishedEvidence({ series }: Pick<Observations, 'series'>, { onset }: Moment): Evidence[] {
  const entities = [...Map.groupBy(series, ({ entity }) => entity)].map(([entity, own]) => ({
    entity,
    metric: own[0]?.metric ?? '',
    times: measured(own),
  }));
  const end = entities.reduce((latest, { times }) => Math.max(latest, times.at(-1) ?? latest), onset);
  return entities.flatMap(({ entity, metric, times }) => {
    const deviation = Math.min(MOST, missed(times, { onset, end }));
    return deviation === 0 ? [] : [{ entity, kind: 'missing', metric, deviation, before: null, after: null }];
  });
}
