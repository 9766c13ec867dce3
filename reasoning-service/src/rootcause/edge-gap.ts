import { aligned } from './align.ts';
import { baselineOf, deviation, scaleOf, windowScore } from './deviation.ts';
import { byDeviation, type Evidence } from './evidence.ts';
import { median } from './quantile.ts';
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
  return median(samples.map(({ values }) => median(values))) > 1 ? 1000 : 1;
}

type Excess = { times: number[]; values: number[]; scale: number; before: number };

function excessOf(samples: Samples, { onset, settings }: Moment, absolute: number): Excess | undefined {
  const { before, times, after } = cutAt(samples, onset, reachOf(samples));
  const baseline = baselineOf(before);
  if (baseline.points < 2 || after.length === 0) return undefined;
  const scale = scaleOf(baseline, { relative: settings.relative_floor, absolute });
  return { times, values: after.map((value) => value - baseline.median), scale, before: baseline.median };
}

type Both = { edge: EdgeSeries; callee: Samples | undefined; absolute: number };

/** What the caller waits more, less what the callee itself takes more, is lost on the way between them. */
function gapOf({ edge, callee, absolute }: Both, moment: Moment): Evidence | undefined {
  const outside = excessOf(edge, moment, absolute);
  if (outside === undefined) return undefined;
  const inside = callee === undefined ? undefined : excessOf(callee, moment, absolute);
  const taken = inside === undefined ? [] : aligned(inside, outside.times);
  const scale = Math.max(outside.scale, inside?.scale ?? 0);
  const lost = outside.values.map((value, at) => value - Math.max(0, taken[at] || 0));
  return {
    entity: edge.callee,
    kind: 'network',
    metric: `${edge.caller} -> ${edge.callee} ${edge.metric}`,
    deviation: windowScore(lost.map((value) => deviation(value, scale, 'up'))),
    before: outside.before,
    after: outside.before + median(outside.values),
  };
}

type Known = { edges: readonly EdgeSeries[]; series: readonly Series[] };

/** The callee's own clock: the call as it saw it, else its latency over all callers, else what it waited for others. */
function calleeSide(edge: EdgeSeries, { edges, series }: Known): Samples | undefined {
  const same = (other: EdgeSeries) => other.caller === edge.caller && other.callee === edge.callee;
  return (
    edges.find((other) => other.kind === 'callee_latency' && same(other)) ??
    series.find(({ entity, kind }) => kind === 'latency' && entity === edge.callee) ??
    edges.find((other) => other.kind === 'caller_latency' && other.caller === edge.callee)
  );
}

/** Evidence for a slow or lossy network, per callee its worst caller. */
export function networkEvidence(known: Known, moment: Moment): Evidence[] {
  const outside = known.edges.filter(({ kind }) => kind === 'caller_latency' || kind === 'gap');
  const units = new Map(
    [...Map.groupBy(outside, ({ metric }) => metric)].map(([metric, edges]) => [metric, perSecond(metric, edges)]),
  );
  const found = outside.flatMap((edge) => {
    const floor = edge.kind === 'gap' ? GAP_FLOOR_S : LATENCY_FLOOR_S;
    const callee = edge.kind === 'gap' ? undefined : calleeSide(edge, known);
    return gapOf({ edge, callee, absolute: floor * (units.get(edge.metric) ?? 1) }, moment) ?? [];
  });
  return [...Map.groupBy(found, ({ entity }) => entity).values()].flatMap((ofCallee) =>
    ofCallee.sort(byDeviation).slice(0, 1),
  );
}
