import { complaints } from './complaints.ts';
import { departureOf } from './departure.ts';
import { byDeviation, type Evidence } from './evidence.ts';
import { seriesOf } from './lasting.ts';
import { latestChange } from './latest.ts';
import { seriousCounts, timesOfLogs } from './log-change.ts';
import { onsetCandidates } from './onset.ts';
import { type Observations, reachOf } from './series.ts';
import type { Settings } from './settings.ts';
import { LEAST_HELD } from './unprecedented.ts';
import { lastSilence } from './vanished.ts';
import { findWhat } from './what.ts';

/** How much louder the evidence at a later candidate must be than at the one before it. */
const LOUDER = 2;

/** When it began, and the moment whose window is judged; the two differ when the fault grew slowly. */
export type Onset = { began: number; judged: number };

/** The loudest observation at a moment, causes before symptoms. */
function loudest(known: Observations, moment: { onset: number; settings: Settings }): Evidence | undefined {
  const complaint = complaints(known, moment).sort(byDeviation)[0];
  const cause = findWhat(known, moment)[0]?.evidence[0];
  return (complaint?.deviation ?? 0) > (cause?.deviation ?? 0) ? complaint : cause;
}

/** Whether a moment lies in the window of an earlier one: then both are about the same change, and the later one is exact. */
const holds = (earlier: number, moment: number, times: readonly number[]): boolean =>
  earlier < moment && moment - earlier <= reachOf({ times });

type Candidate = { onset: number; evidence: Evidence | undefined };

const loudness = ({ evidence }: Candidate): number => evidence?.deviation ?? 0;

/** The first candidate, unless what deviates at a later one is much louder; the others follow by loudness. */
function ordered(candidates: readonly Candidate[]): Candidate[] {
  const best = candidates.reduce<Candidate | undefined>(
    (best, one) => (best === undefined || loudness(one) > LOUDER * loudness(best) ? one : best),
    undefined,
  );
  const rest = candidates.filter((one) => one !== best).sort((a, b) => loudness(b) - loudness(a));
  return best === undefined ? [] : [best, ...rest];
}

/** When the change at a candidate began: the moment at which the loudest series left its baseline, which is judged too where it is loud enough. */
function settled(best: Candidate, known: Observations, at: (onset: number) => Candidate): Onset {
  const { onset, evidence } = best;
  const series = evidence === undefined || evidence.kind === 'missing' ? undefined : seriesOf(evidence, known);
  const began = (series === undefined ? undefined : departureOf(series)) ?? onset;
  const still = loudness(at(began)) * LOUDER >= loudness(best);
  return { began, judged: still ? began : onset };
}

/** Moments at which it may have begun, the likeliest first: what the loudest candidate shows, then what the others do. */
export function* chooseOnsets(known: Observations, settings: Settings): Generator<Onset, void> {
  const samples = [...known.series, ...known.edges];
  const densest = samples.reduce<readonly number[]>(
    (most, { times }) => (times.length > most.length ? times : most),
    [],
  );
  const times = densest.length === 0 ? timesOfLogs(known.logs) : densest;
  const at = (onset: number): Candidate => ({ onset, evidence: loudest(known, { onset, settings }) });
  const latest = latestChange(samples, settings.relative_floor, LEAST_HELD);
  const silence = lastSilence(known.series);
  const splits = onsetCandidates([...samples, ...seriousCounts(known.logs, times)]);
  const moments = new Set([...splits, latest ?? [], silence ?? []].flat());
  for (const best of ordered([...moments].map(at)))
    yield latest !== undefined && (best.onset === latest || holds(best.onset, latest, times))
      ? { began: latest, judged: latest }
      : settled(best, known, at);
}
