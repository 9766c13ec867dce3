/** One series after detection: a score for each row, and the labelled windows as row ranges, both ends included. */
export type ScoredSeries = {
  name: string;
  scores: ArrayLike<number>;
  windows: readonly (readonly [left: number, right: number])[];
};

/** What a detection inside a window, one outside and a missed window are worth. */
export type Profile = { tp: number; fp: number; fn: number };

/** The three application profiles of the Numenta Anomaly Benchmark, version 1.1. */
export const profiles = {
  standard: { tp: 1, fp: 0.11, fn: 1 },
  low_fp: { tp: 1, fp: 0.22, fn: 1 },
  low_fn: { tp: 1, fp: 0.11, fn: 2 },
} as const satisfies Record<string, Profile>;

/** Rows at the start that no detector is judged on. */
export const learningRows = (rows: number): number => Math.min(Math.floor(0.15 * rows), 750);

/** One judged row: worth what when flagged, and in which window of the corpus, if in any. */
type Row = { score: number; worth: number; window: number };

/** All that a threshold needs to be judged on a corpus. */
export type Corpus = { rows: readonly Row[]; windows: number };

export type Outcome = { threshold: number; score: number; windows_found: number; false_positives: number };

/** Position as a worth in (-1, 1): 1 well before the end of the window, -1 far behind it. */
const sigmoid = (position: number): number => (position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1);

/** A row inside its window, scaled so that the first row of a window is worth 1. */
const inside = (row: number, [left, right]: readonly [number, number]): number =>
  sigmoid(-(right - row + 1) / (right - left + 1)) / sigmoid(-1);

/** A row outside is forgiven a little when a window has just ended. */
const outside = (row: number, before: readonly [number, number] | undefined): number =>
  before === undefined ? -1 : sigmoid((row - before[1]) / (before[1] - before[0]));

function rowsOf({ scores, windows }: ScoredSeries, firstWindow: number): Row[] {
  const rows: Row[] = [];
  for (let row = learningRows(scores.length); row < scores.length; row++) {
    const within = windows.findIndex(([left, right]) => left <= row && row <= right);
    const window = windows[within];
    rows.push({
      score: scores[row] ?? 0,
      worth:
        window === undefined
          ? outside(
              row,
              windows.findLast(([, right]) => right < row),
            )
          : inside(row, window),
      window: within < 0 ? -1 : firstWindow + within,
    });
  }
  return rows;
}

/** Every judged row of the series, highest score first. */
export function corpusOf(series: readonly ScoredSeries[]): Corpus {
  let windows = 0;
  const rows: Row[] = [];
  for (const one of series) {
    for (const row of rowsOf(one, windows)) if (row.score > 0) rows.push(row);
    windows += one.windows.length;
  }
  return { rows: rows.sort((a, b) => b.score - a.score), windows };
}

/** Walks down the thresholds and hands out the running outcome wherever the score changes. */
function* outcomes({ rows, windows }: Corpus, { tp, fp, fn }: Profile): Generator<Outcome> {
  const best = new Map<number, number>();
  const none = -fn * windows;
  let raw = none;
  let falsePositives = 0;
  for (const [at, { score, worth, window }] of rows.entries()) {
    if (window < 0) {
      raw += fp * worth;
      falsePositives += 1;
    } else {
      const had = best.get(window);
      raw += had === undefined ? fn + tp * worth : tp * Math.max(0, worth - had);
      best.set(window, Math.max(worth, had ?? worth));
    }
    if (rows[at + 1]?.score === score) continue;
    yield {
      threshold: score,
      score: (100 * (raw - none)) / (tp * windows - none),
      windows_found: best.size,
      false_positives: falsePositives,
    };
  }
}

const silent: Outcome = { threshold: Number.POSITIVE_INFINITY, score: 0, windows_found: 0, false_positives: 0 };

/** The outcome at the one threshold that is best for the whole corpus. */
export function fitted(corpus: Corpus, profile: Profile): Outcome {
  let best = silent;
  for (const outcome of outcomes(corpus, profile)) if (outcome.score > best.score) best = outcome;
  return best;
}

/** The outcome when every row at or above the threshold is flagged. */
export function outcomeAt(corpus: Corpus, profile: Profile, threshold: number): Outcome {
  let last = silent;
  for (const outcome of outcomes(corpus, profile)) {
    if (outcome.threshold < threshold) break;
    last = outcome;
  }
  return { ...last, threshold };
}
