import { aligned } from './align.ts';
import { baselineOf, deviation, scaleOf, windowScore } from './deviation.ts';
import { byDeviation, type Evidence } from './evidence.ts';
import { medianOfKnown } from './known-values.ts';
import type { Moment } from './resources.ts';
import { cutAt, type EdgeSeries, reachOf, type Samples, type Series } from './series.ts';
import { wordsOf } from './words.ts';

/** Smallest scale of an edge: what a healthy network and two clocks differ by, in seconds. */
const LATENCY_FLOOR_S = 0.01;
const GAP_FLOOR_S = 0.005;

/** How many of the metric's unit make a second; a name without a unit is read by its size, for calls rarely take a second. */
export function perSecond(metric: string, samples: readonly Samples[]): number {
  const words = wordsOf(metric);
  const has = (...units: string[]) => words.some((word) => units.includes(word));
  if (has('ms', 'millis', 'milliseconds')) return 1000;
  if (has('us', 'micros', 'microseconds')) return 1_000_000;
  if (has('s', 'sec', 'seconds')) return 1;
  return medianOfKnown(samples.map(({ values }) => medianOfKnown(values))) > 1 ? 1000 : 1;
}

type Excess = { times: number[]; values: number[]; scale: number; before: number };

function excessOf(samples: Samples, { onset, settings }: Moment, absolute: number): Excess | undefined {
  const { before, times, after } = cutAt(samples, onset, reachOf(samples));
  const baseline = baselineOf(before);
  if (baseline.points < 2 || after.length === 0) return undefined;
  const scale = scaleOf(baseline, { relative: settings.relative_floor, absolute });
  return { times, values: after.map((value) => value - baseline.median), scale, before: baseline.median };
}

/** What the callee took itself, in the unit of the edge, and the floor of the edge's scale. */
type Both = { edge: EdgeSeries; inside: readonly Samples[]; absolute: number };

/** What the callee took more than usual: the largest of what is known of it, for it may have waited for another. */
function takenAt(inside: readonly Excess[], times: readonly number[]): { more: number; level: number }[] {
  const rises = inside.map((one) => aligned(one, times));
  return times.map((_, at) =>
    rises.reduce(
      (most, rise, which) => {
        const more = Math.max(0, rise[at] || 0);
        return more > most.more ? { more, level: (inside[which]?.before ?? 0) + more } : most;
      },
      { more: 0, level: 0 },
    ),
  );
}

/** What the caller waits more, less what the callee itself takes more, is lost on the way between them. */
function gapOf({ edge, inside, absolute }: Both, moment: Moment): Evidence | undefined {
  const outside = excessOf(edge, moment, absolute);
  if (outside === undefined) return undefined;
  const sides = inside.flatMap((samples) => excessOf(samples, moment, absolute) ?? []);
  const taken = takenAt(sides, outside.times);
  const scale = sides.reduce((most, side) => Math.max(most, side.scale), outside.scale);
  const lost = outside.values.map((value, at) => {
    const { more, level } = taken[at] ?? { more: 0, level: 0 };
    // Two clocks differ by a share of what they measure, so a callee that got slow has a wider scale.
    return deviation(value - more, Math.max(scale, moment.settings.relative_floor * level), 'up');
  });
  return {
    entity: edge.callee,
    kind: 'network',
    metric: callName(edge),
    deviation: windowScore(lost),
    before: outside.before,
    after: outside.before + medianOfKnown(outside.values),
  };
}

export type Known = { edges: readonly EdgeSeries[]; series: readonly Series[] };

/** How an edge's metric is called in evidence. */
export const callName = ({ caller, callee, metric }: EdgeSeries): string => `${caller} -> ${callee} ${metric}`;

const sameCall = (edge: EdgeSeries) => (other: EdgeSeries) =>
  other.caller === edge.caller && other.callee === edge.callee;

/** The call as the callee saw it, where that is measured. */
const seenByCallee = (edge: EdgeSeries, { edges }: Known): EdgeSeries | undefined =>
  edges.find((other) => other.kind === 'callee_latency' && sameCall(edge)(other));

const latencyOf = (entity: string, { series }: Known): Series | undefined =>
  series.find((one) => one.kind === 'latency' && one.entity === entity);

/** The callee's own clock: the call as it saw it, else its latency over all callers and what it waited for others. */
function calleeSides(edge: EdgeSeries, known: Known): (Samples & { metric: string })[] {
  const seen = seenByCallee(edge, known);
  if (seen !== undefined) return [seen];
  const own = latencyOf(edge.callee, known);
  const waited = known.edges.filter((other) => other.kind === 'caller_latency' && other.caller === edge.callee);
  return own === undefined ? waited : [own, ...waited];
}

/** Parts of a second per metric name of everything that is timed. */
function unitsOf({ edges, series }: Known): (metric: string) => number {
  const timed = [
    ...edges.filter(({ kind }) => kind !== 'traffic' && kind !== 'other'),
    ...series.filter(({ kind }) => kind === 'latency'),
  ];
  const groups = Map.groupBy(timed, ({ metric }) => metric);
  const units = new Map([...groups].map(([metric, samples]) => [metric, perSecond(metric, samples)]));
  return (metric) => units.get(metric) ?? 1;
}

const scaled = ({ times, values }: Samples, by: number): Samples =>
  by === 1 ? { times, values } : { times, values: values.map((value) => value * by) };

/**
 * The calls whose time says that the callee is slow: by its own clock, or by its caller's where the callee has none and
 * nothing tells its time from the network's. With the smallest scale of each.
 */
export function timedCallees(known: Known): { edge: EdgeSeries; floor: number }[] {
  const unit = unitsOf(known);
  return known.edges
    .filter(
      (edge) =>
        edge.kind === 'callee_latency' ||
        (edge.kind === 'caller_latency' &&
          seenByCallee(edge, known) === undefined &&
          latencyOf(edge.callee, known) === undefined),
    )
    .map((edge) => ({ edge, floor: LATENCY_FLOOR_S * unit(edge.metric) }));
}

/** Evidence for a slow or lossy network, per callee its worst caller. */
export function networkEvidence(known: Known, moment: Moment): Evidence[] {
  const unit = unitsOf(known);
  const found = known.edges
    .filter(({ kind }) => kind === 'caller_latency' || kind === 'gap')
    .flatMap((edge) => {
      const floor = edge.kind === 'gap' ? GAP_FLOOR_S : LATENCY_FLOOR_S;
      const sides = edge.kind === 'gap' ? [] : calleeSides(edge, known);
      const inside = sides.map((side) => scaled(side, unit(edge.metric) / unit(side.metric)));
      return gapOf({ edge, inside, absolute: floor * unit(edge.metric) }, moment) ?? [];
    });
  return [...Map.groupBy(found, ({ entity }) => entity).values()].flatMap((ofCallee) =>
    ofCallee.sort(byDeviation).slice(0, 1),
  );
}
