import { complaints } from './complaints.ts';
import { byDeviation } from './evidence.ts';
import { seriousCounts } from './log-change.ts';
import { onsetCandidates } from './onset.ts';
import type { Observations } from './series.ts';
import type { Settings } from './settings.ts';
import { findWhat } from './what.ts';

/** How much louder the evidence at a later candidate must be than at the one before it. */
const LOUDER = 2;

/** When it began: the first candidate, unless what deviates at another one is much louder. */
export function chooseOnset(known: Observations, settings: Settings): number | undefined {
  const samples = [...known.series, ...known.edges];
  const times = samples.reduce<readonly number[]>((most, { times }) => (times.length > most.length ? times : most), []);
  const loudness = (onset: number): number => {
    const moment = { onset, settings };
    const complaint = complaints(known.series, moment).sort(byDeviation)[0]?.deviation ?? 0;
    return Math.max(complaint, findWhat(known, moment)[0]?.deviation ?? 0);
  };
  const [first, ...others] = onsetCandidates([...samples, ...seriousCounts(known.logs, times)]);
  if (first === undefined || others.length === 0) return first;
  let best = { onset: first, loud: loudness(first) };
  for (const onset of others) {
    const loud = loudness(onset);
    if (loud > LOUDER * best.loud) best = { onset, loud };
  }
  return best.onset;
}
