import { complaints } from './complaints.ts';
import { departureOf } from './departure.ts';
import { byDeviation, type Evidence } from './evidence.ts';
import { LEAST_LASTING, seriesOf } from './lasting.ts';
import { latestChange } from './latest.ts';
import { seriousCounts } from './log-change.ts';
import { onsetCandidates } from './onset.ts';
import { type Observations, reachOf } from './series.ts';
import type { Settings } from './settings.ts';
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

/** The first candidate, unless what deviates at a later one is much louder. */
function loudestOf(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.reduce<Candidate | undefined>(
    (best, one) => (best === undefined || loudness(one) > LOUDER * loudness(best) ? one : best),
    undefined,
  );
}

/**
 * Finds when it began: the loudest candidate; then the moment at which the loudest series left its baseline, which is judged too
 * where it is loud enough.
 */
export function chooseOnset(known: Observations, settings: Settings): Onset | undefined {
  const samples = [...known.series, ...known.edges];
  const times = samples.reduce<readonly number[]>((most, { times }) => (times.length > most.length ? times : most), []);
  const at = (onset: number): Candidate => ({ onset, evidence: loudest(known, { onset, settings }) });
  const latest = latestChange(samples, settings.relative_floor, LEAST_LASTING);
  const splits = onsetCandidates([...samples, ...seriousCounts(known.logs, times)]);
  const best = loudestOf([...splits, latest ?? []].flat().map(at));
  if (best === undefined) return undefined;
  if (latest !== undefined && (best.onset === latest || holds(best.onset, latest, times)))
    return { began: latest, judged: latest };
  const series = best.evidence === undefined ? undefined : seriesOf(best.evidence, known);
  const began = (series === undefined ? undefined : departureOf(series)) ?? best.onset;
  const still = loudness(at(began)) * LOUDER >= loudness(best);
  return { began, judged: still ? began : best.onset };
}
