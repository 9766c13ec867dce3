import { median } from '../quantile.ts';
import type { Finding } from './finding.ts';

/** Rows without data, or a gap of as many usual steps, that are told as missing. */
const MISSING = 3;
/** Steps between rows of which the median is the usual one. */
const STEPS = 21;

/** What is known of when rows come; `last` is the time of the latest one, `absent` counts rows without data up to it. */
export type Arrivals = { last: number | null; steps: number[]; absent: number };

export const noArrivals = (): Arrivals => ({ last: null, steps: [], absent: 0 });

/** The usual step between rows, in milliseconds; not known at first. */
export const usualStep = ({ steps }: Arrivals): number | undefined =>
  steps.length === STEPS ? median(steps) : undefined;

/** A gap in time or rows without data, told once and when it is certain; missing data is never taken for zero. */
export function missing(state: Arrivals, at: number, isAbsent: boolean): Finding[] {
  const step = state.last === null ? 0 : at - state.last;
  const usual = usualStep(state) ?? Number.POSITIVE_INFINITY;
  const gap = step > MISSING * usual && state.absent === 0;
  state.last = at;
  state.absent = isAbsent ? state.absent + 1 : 0;
  if (step > 0) state.steps = [...state.steps, step].slice(-STEPS);
  if (!gap && state.absent !== MISSING) return [];
  return [{ kind: 'missing', at, score: 1, feature: null, value: null, expected: null }];
}
