/** Evenly spaced values; `season` and `horizon` in rows. Without a season (too little data) only levels compete. */
type Asked = { season: number | undefined; horizon: number };

/** Made at one row for the row `horizon` later; NaN bounds while no error of the past is known. */
export type Ahead = { value: number; low: number; high: number };

const RATES = [1, 0.3, 0.1, 0.03, 0.01];
/** How much of a present deviation from the season's profile is still there at the horizon. */
const KEPT = [0, 0.4, 0.7, 1];
/** Days that make a profile. */
const DAYS = 3;
/** Discount of an expert's past errors per row, and how sharply the better ones are preferred. */
const MEMORY = 0.995;
const SHARPNESS = 6;
/** Past errors that make the band: at least so many, and those of four horizons, since errors of one horizon are hardly more than one. */
const ERRORS = 400;
const HORIZONS = 4;
const LEAST_ERRORS = 20;
/** Share that a band leaves out, and how fast it follows what past bands left out (Gibbs and Candès 2021). */
const LEFT_OUT = 0.2;
const CORRECTION = 0.005;

const { abs, exp, floor, max, min, round, sign } = Math;

/** Mean of the values around the same time of the last days, from what was known at `row`. */
function profileAt(
  sums: Float64Array,
  { row, target, season }: { row: number; target: number; season: number },
): number {
  const around = max(1, round(season / 48));
  let [total, count] = [0, 0];
  for (let day = 1; day <= DAYS; day++) {
    const middle = target - day * season;
    const from = max(0, middle - around);
    const to = min(row, middle + around);
    if (to < from) continue;
    total += (sums[to + 1] ?? 0) - (sums[from] ?? 0);
    count += to - from + 1;
  }
  return count === 0 ? Number.NaN : total / count;
}

/** Levels at several rates: means, and medians that follow by steps of the sign (for values with spikes). */
function createLevels() {
  const means = RATES.map(() => Number.NaN);
  const medians = RATES.map(() => Number.NaN);
  let spread = 0;
  return (value: number): readonly number[] => {
    for (const [at, rate] of RATES.entries()) {
      const mean = means[at] ?? value;
      const middle = medians[at] ?? value;
      means[at] = Number.isNaN(mean) ? value : mean + rate * (value - mean);
      medians[at] = Number.isNaN(middle) ? value : middle + rate * spread * sign(value - middle);
    }
    spread += 0.02 * (abs(value - (medians[3] ?? value)) - spread);
    return [...means, ...medians];
  };
}

/** Experts' forecasts weighed by their discounted errors: exponential weights (Cesa-Bianchi and Lugosi 2006, chapter 2). */
function createMixture() {
  let errors: number[] = [];
  const scored = (forecasts: readonly number[], truth: number): void => {
    const newcomer = errors.length === 0 ? 0 : max(...errors);
    errors = forecasts.map((forecast, at) => MEMORY * (errors[at] ?? newcomer) + abs(forecast - truth));
  };
  const mixed = (forecasts: readonly number[]): number => {
    const [best, worst] = errors.length === 0 ? [0, 0] : [min(...errors), max(...errors)];
    let [total, weights] = [0, 0];
    for (const [at, forecast] of forecasts.entries()) {
      const weight = best > 0 ? exp(-SHARPNESS * ((errors[at] ?? worst) / best - 1)) : 1;
      total += weight * forecast;
      weights += weight;
    }
    return total / weights;
  };
  return { scored, mixed };
}

/** The last errors in order of size; kept sorted, because a band is asked for at every row. */
function createErrors(most: number) {
  let leftOut = LEFT_OUT;
  const sorted: number[] = [];
  const queue: number[] = [];
  const placeOf = (error: number): number => {
    let [from, to] = [0, sorted.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((sorted[middle] ?? 0) < error) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  const add = (error: number): void => {
    if (queue.length === most) sorted.splice(placeOf(queue.shift() ?? 0), 1);
    queue.push(error);
    sorted.splice(placeOf(error), 0, error);
  };
  /** The outermost errors that still hold the share for one more: a split conformal band (Vovk, Gammerman and Shafer 2005). */
  const bounds = (): { low: number; high: number } => {
    const share = min(max(leftOut, 0), 1) / 2;
    const tail = max(0, floor(share * (sorted.length + 1)) - 1);
    const few = sorted.length < LEAST_ERRORS;
    return { low: few ? Number.NaN : (sorted[tail] ?? 0), high: few ? Number.NaN : (sorted.at(-1 - tail) ?? 0) };
  };
  /** Bands that missed more often than they should are wider next time: what is measured drifts, and errors come in runs. */
  const judged = (isMissed: boolean): void => {
    leftOut += CORRECTION * (LEFT_OUT - (isMissed ? 1 : 0));
  };
  return { add, bounds, judged, sorted };
}

/** What every expert says at a row about the row `horizon` later. */
function createExperts(values: ArrayLike<number>, { season, horizon }: Asked) {
  const levels = createLevels();
  const deviations = createLevels();
  const sums = new Float64Array(values.length + 1);
  return (row: number): readonly number[] => {
    const value = values[row] ?? 0;
    sums[row + 1] = (sums[row] ?? 0) + value;
    const plain = levels(value);
    if (season === undefined || row < season) return plain;
    const now = profileAt(sums, { row: row - 1, target: row, season });
    const then = profileAt(sums, { row, target: row + horizon, season });
    const deviation = deviations(value - now).slice(0, 3);
    const seasonal = deviation.flatMap((one) => KEPT.map((kept) => then + kept * one));
    return [...plain, ...seasonal];
  };
}

/** Forecasts by the row they were made at, and the errors of the last ones, ascending. */
export type LevelForecasts = { made: Ahead[]; errors: readonly number[] };

/**
 * A forecast at each row for the row `horizon` later, from the values up to that row only: persistence, levels and the
 * profile of the day compete by their past errors at this very horizon, and the band is the mixture's past errors, as wide as past bands needed to be.
 */
export function levelForecasts(values: ArrayLike<number>, asked: Asked): LevelForecasts {
  const experts = createExperts(values, asked);
  const mixture = createMixture();
  const errors = createErrors(max(ERRORS, HORIZONS * asked.horizon));
  const said: (readonly number[])[] = [];
  const made: Ahead[] = [];
  for (let row = 0; row < values.length; row++) {
    const due = row - asked.horizon;
    const [earlier, forecast] = [said[due], made[due]];
    if (earlier !== undefined && forecast !== undefined) {
      const truth = values[row] ?? 0;
      mixture.scored(earlier, truth);
      errors.add(truth - forecast.value);
      if (!Number.isNaN(forecast.low)) errors.judged(truth < forecast.low || truth > forecast.high);
    }
    const now = experts(row);
    said.push(now);
    const value = mixture.mixed(now);
    const { low, high } = errors.bounds();
    made.push({ value, low: value + low, high: value + high });
  }
  return { made, errors: errors.sorted };
}
