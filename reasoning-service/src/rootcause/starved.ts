import { aligned } from './align.ts';
import { baselineOf, deviation, spreadOf, windowScore } from './deviation.ts';
import { byDeviation, type Evidence } from './evidence.ts';
import { median } from './quantile.ts';
import type { Moment } from './resources.ts';
import { type Call, cutAt, type Observations, reachOf, type Samples, type Series, stepOf } from './series.ts';

const LEAST_FALL = 0.4;
const RELATIVE_FLOOR = 0.15;

type Flow = { caller: string; callee: string; to: Samples; from: Samples };

const trafficOf = (series: readonly Series[], entity: string): Samples | undefined =>
  series.find((one) => one.entity === entity && one.kind === 'traffic');

/** What comes into an entity: its own figure, else the first of the calls to it. */
const incoming = ({ series, edges }: Observations, entity: string): Samples | undefined =>
  trafficOf(series, entity) ?? edges.find(({ callee, kind }) => callee === entity && kind === 'traffic');

function flows(known: Observations): Flow[] {
  const counted = known.edges.filter(({ kind }) => kind === 'traffic');
  const seen = new Set(counted.map(({ caller, callee }) => `${caller}\n${callee}`));
  const drawn = known.calls.filter(({ caller, callee }) => !seen.has(`${caller}\n${callee}`));
  const flow = ({ caller, callee }: Call, to: Samples | undefined): Flow[] => {
    const from = incoming(known, caller);
    return from === undefined || to === undefined ? [] : [{ caller, callee, to, from }];
  };
  return [
    ...counted.flatMap((edge) => flow(edge, edge)),
    ...drawn.flatMap((call) => flow(call, trafficOf(known.series, call.callee))),
  ];
}

/** Calls passed on per call received; Poisson scatter of a rate counted over one step joins the observed scatter. */
function starvation({ caller, callee, to, from }: Flow, { onset }: Moment): Evidence | undefined {
  const source = aligned(from, to.times);
  const ratio = { times: to.times, values: to.values.map((value, at) => value / (source[at] || Number.NaN)) };
  const reach = reachOf(to);
  const cut = cutAt(ratio, onset, reach);
  const own = cutAt({ times: to.times, values: source }, onset, reach);
  const baseline = baselineOf(cut.before);
  const usual = { from: median(own.before), to: baseline.median * median(own.before) };
  if (baseline.points < 2 || !(baseline.median > 0) || !(usual.from > 0) || cut.after.length === 0) return undefined;
  const fell = median(cut.after) <= (1 - LEAST_FALL) * baseline.median;
  if (!fell || median(own.after) <= (1 - LEAST_FALL) * usual.from) return undefined;
  const seconds = Math.max(1, stepOf(to) / 1000);
  const chance = Math.sqrt(Math.max(usual.to, 1 / seconds) / seconds) / usual.from;
  const scale = Math.max(spreadOf(baseline), RELATIVE_FLOOR * baseline.median, chance);
  return {
    entity: caller,
    kind: 'starved_callee',
    metric: `calls ${caller} -> ${callee}`,
    deviation: windowScore(cut.after.map((value) => deviation(value - baseline.median, scale, 'down'))),
    before: baseline.median,
    after: median(cut.after),
  };
}

/** Evidence against callers that answer early or fail before they call on: their callees starve while they are still called. */
export function starvedEvidence(known: Observations, moment: Moment): Evidence[] {
  const found = flows(known).flatMap((flow) => starvation(flow, moment) ?? []);
  return [...Map.groupBy(found, ({ entity }) => entity).values()].flatMap((ofCaller) =>
    ofCaller.sort(byDeviation).slice(0, 1),
  );
}
