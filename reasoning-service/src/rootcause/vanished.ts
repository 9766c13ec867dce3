import type { Evidence } from './evidence.ts';
import { isResource } from './metric-kind.ts';
import type { Moment } from './resources.ts';
import { type Observations, reachOf, type Series, stepOf } from './series.ts';

const LEAST_BASELINE = 10;
/** Share of the steps before that had a sample: what has gaps anyway says nothing by one more. */
const LEAST_COVERED = 0.95;
/** Enough for a fair answer and not for a sure one: an entity may have been taken away on purpose. */
export const MOST_MISSING = 7;

/** Times at which anything of an entity was measured, in order; what uses no memory and no CPU any more is gone as well. */
function measured(own: readonly Series[]): number[] {
  const counts = own.some(({ kind }) => isResource(kind)) ? (value = 0) => value !== 0 : () => true;
  const shown = own.flatMap(({ times, values }) =>
    times.filter((_, at) => Number.isFinite(values[at]) && counts(values[at])),
  );
  return [...new Set(shown)].sort((a, b) => a - b);
}

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

type Life = { entity: string; metric: string; times: number[] };

const livesOf = (series: readonly Series[]): Life[] =>
  [...Map.groupBy(series, ({ entity }) => entity)].map(([entity, own]) => ({
    entity,
    metric: own[0]?.metric ?? '',
    times: measured(own),
  }));

const endOf = (lives: readonly Life[], least: number): number =>
  lives.reduce((latest, { times }) => Math.max(latest, times.at(-1) ?? latest), least);

/**
 * Entities of which nothing is measured any more from the onset on, while others go on. A sample that is missing is not zero:
 * nobody knows what it would have been, and that nobody measures it is what is known.
 */
export function vanishedEvidence({ series }: Pick<Observations, 'series'>, { onset }: Moment): Evidence[] {
  const lives = livesOf(series);
  const end = endOf(lives, onset);
  return lives.flatMap(({ entity, metric, times }) => {
    const deviation = Math.min(MOST_MISSING, missed(times, { onset, end }));
    return deviation === 0 ? [] : [{ entity, kind: 'missing', metric, deviation, before: null, after: null }];
  });
}

/** When the last entity fell silent that did so for good while others went on. */
export function lastSilence(series: readonly Series[]): number | undefined {
  const lives = livesOf(series);
  const end = endOf(lives, 0);
  const began = lives.flatMap(({ times }) => {
    const onset = (times.at(-1) ?? end) + stepOf({ times });
    return missed(times, { onset, end }) >= MOST_MISSING ? [onset] : [];
  });
  return began.sort((a, b) => b - a)[0];
}
