import { aligned } from './align.ts';
import { baselineOf, deviation, spreadOf, windowScore } from './deviation.ts';
import { byDeviation, type Evidence } from './evidence.ts';
import { medianOfKnown } from './known-values.ts';
import type { Moment } from './resources.ts';
import { type Call, cutAt, type Observations, reachOf, type Samples, type Series, stepOf } from './series.ts';

const LEAST_FALL = 0.4;
const RELATIVE_FLOOR = 0.15;

/** Calls from one entity to another beside what comes into the caller; `into` are the calls to the caller, where counted. */
type Flow = Call & { to: Samples; from: Samples; into: readonly Samples[] };

const nameOf = ({ caller, callee }: Call): string => `calls ${caller} -> ${callee}`;

const trafficOf = (series: readonly Series[], entity: string): Samples | undefined =>
  series.find((one) => one.entity === entity && one.kind === 'traffic');

function flows({ series, edges, calls }: Pick<Observations, 'series' | 'edges' | 'calls'>): Flow[] {
  const counted = edges.filter(({ kind }) => kind === 'traffic');
  const seen = new Set(counted.map(({ caller, callee }) => `${caller}\n${callee}`));
  const drawn = calls.filter(({ caller, callee }) => !seen.has(`${caller}\n${callee}`));
  const flow = ({ caller, callee }: Call, to: Samples | undefined): Flow[] => {
    const into = counted.filter((edge) => edge.callee === caller);
    // What comes into an entity is its own figure, else the first of the calls to it.
    const from = trafficOf(series, caller) ?? into[0];
    return from === undefined || to === undefined ? [] : [{ caller, callee, to, from, into }];
  };
  return [
    ...counted.flatMap((edge) => flow(edge, edge)),
    ...drawn.flatMap((call) => flow(call, trafficOf(series, call.callee))),
  ];
}

/** Calls passed on per call received. */
function passedOn({ to, from }: Flow): Samples {
  const source = aligned(from, to.times);
  return { times: to.times, values: to.values.map((value, at) => value / (source[at] || Number.NaN)) };
}

/** The share of its calls that a caller passes on, for evidence of starving. */
export const passedOnOf = (metric: string, known: Observations): Samples | undefined =>
  flows(known)
    .filter((flow) => nameOf(flow) === metric)
    .map(passedOn)[0];

/** Whether a flow is much smaller from the onset on. */
function fell(samples: Samples, onset: number, reach: number): boolean {
  const { before, after } = cutAt(samples, onset, reach);
  return medianOfKnown(after) <= (1 - LEAST_FALL) * medianOfKnown(before);
}

/** Poisson scatter of a rate counted over one step joins the observed scatter. */
function starvation(flow: Flow, { onset }: Moment): Evidence | undefined {
  const { caller, to, from, into } = flow;
  const reach = reachOf(to);
  const ratio = passedOn(flow);
  const cut = cutAt(ratio, onset, reach);
  const source = { times: to.times, values: aligned(from, to.times) };
  const baseline = baselineOf(cut.before);
  const usual = medianOfKnown(cutAt(source, onset, reach).before);
  if (baseline.points < 2 || !(baseline.median > 0) || !(usual > 0) || cut.after.length === 0) return undefined;
  // Who is called less passes less on, whatever its own figure says.
  const isCalledLess = into.length > 0 && into.every((calls) => fell(calls, onset, reach));
  if (!fell(ratio, onset, reach) || fell(source, onset, reach) || isCalledLess) return undefined;
  const seconds = Math.max(1, stepOf(to) / 1000);
  const chance = Math.sqrt(Math.max(baseline.median * usual, 1 / seconds) / seconds) / usual;
  const scale = Math.max(spreadOf(baseline), RELATIVE_FLOOR * baseline.median, chance);
  return {
    entity: caller,
    kind: 'starved_callee',
    metric: nameOf(flow),
    deviation: windowScore(cut.after.map((value) => deviation(value - baseline.median, scale, 'down'))),
    before: baseline.median,
    after: medianOfKnown(cut.after),
  };
}

/** Evidence against callers that answer early or fail before they call on: their callees starve while they are still called. */
export function starvedEvidence(known: Observations, moment: Moment): Evidence[] {
  const found = flows(known).flatMap((flow) => starvation(flow, moment) ?? []);
  return [...Map.groupBy(found, ({ entity }) => entity).values()].flatMap((ofCaller) =>
    ofCaller.sort(byDeviation).slice(0, 1),
  );
}
