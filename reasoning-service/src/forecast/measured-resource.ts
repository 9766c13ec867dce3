import { limitSeries, type MeasuredSeries } from '@aetherius/shared/contracts';
import { entityOfSubject } from '../metrics/neighbourhood.ts';
import type { Resource } from './resource.ts';
import type { Point } from './trend.ts';

/** Ratios are shares of their limit. */
const WHOLE = 1;

const isLimited = (name: string): name is keyof typeof limitSeries => name in limitSeries;

const nameOf = ({ series: { labels }, subject }: MeasuredSeries): string =>
  [`${subject.kind} ${entityOfSubject(subject)}`, ...Object.values(labels)].join(' ').slice(0, 200);

/** A stored series as something that can be forecast; undefined for one that runs towards no limit, or has no points. */
export function measuredResource(measured: MeasuredSeries, sampled: readonly Point[]): Resource | undefined {
  const { name: series } = measured.series;
  // What is used is never less than nothing, whatever an agent says.
  const points = sampled.filter(({ value }) => value >= 0);
  const last = points.at(-1);
  if (!isLimited(series) || last === undefined) return undefined;
  const kind = limitSeries[series];
  const name = nameOf(measured);
  if (kind === 'certificate') {
    const end = new Date(last.value * 1000);
    // Seconds that no calendar holds are no end of anything.
    return Number.isNaN(end.getTime()) ? undefined : { kind, name, not_after: end.toISOString() };
  }
  const timed = points.map(({ at, value }) => ({ at: new Date(at * 1000).toISOString(), value }));
  return kind === 'restarts' ? { kind, name, points: timed } : { kind, name, limit: WHOLE, points: timed };
}
