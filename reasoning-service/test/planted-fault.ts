import { edgeKind, metricKind } from '../src/rootcause/metric-kind.ts';
import type { Call, EdgeSeries, LogLine, Observations, Series } from '../src/rootcause/series.ts';

/** What can be broken in the small shop below. */
export const faults = ['cpu', 'memory', 'disk', 'network_delay', 'packet_loss', 'early_return', 'log_errors'] as const;
export type Fault = (typeof faults)[number] | 'none';

/** A shop of seven services; each line is caller, callee and how many calls a request makes. */
const calls: readonly [string, string, number][] = [
  ['front', 'catalog', 1.4],
  ['front', 'cart', 0.8],
  ['front', 'checkout', 0.3],
  ['checkout', 'payment', 1],
  ['checkout', 'shipping', 1],
  ['checkout', 'cart', 1],
  ['cart', 'store', 1.2],
];
/** Callers before their callees, so that traffic flows down in one pass and latency up in the reverse one. */
const order = ['front', 'checkout', 'catalog', 'cart', 'payment', 'shipping', 'store'] as const;
export const services: readonly string[] = order;
export const shopCalls: readonly Call[] = calls.map(([caller, callee]) => ({ caller, callee }));

export type Plan = {
  fault: Fault;
  at: string;
  seed: number;
  /** Seconds between samples, and how many there are before and after the onset. */
  step: number;
  before: number;
  after: number;
};

export type Planted = { observations: Observations; onset: number };

const START = Date.UTC(2026, 0, 5, 8);

type Noise = { normal: (scale?: number) => number; uniform: () => number };

/** Reproducible noise: a multiplicative generator (Park and Miller 1988) and Box and Muller's normal from it. */
function noiseOf(seed: number): Noise {
  let state = (seed * 7919 + 17) % 2_147_483_647;
  const uniform = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const normal = (scale = 1) => scale * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return { normal, uniform };
}

/** State of one sample; keys of edges are `caller>callee`. */
type Sample = Map<string, number>;
type Context = { plan: Plan; noise: Noise; broken: boolean; second: number; into: number };

const hits = ({ plan, broken }: Context, fault: Fault, service: string): boolean =>
  broken && plan.fault === fault && plan.at === service;

/** Requests per second at each service; an early return sends none on. Averages over a longer step scatter less. */
function traffic(context: Context, sample: Sample): void {
  const { noise, second, plan } = context;
  sample.set('front/requests', 60 * (1 + 0.15 * Math.sin(second / 400)) + noise.normal(5 / Math.sqrt(plan.step)));
  for (const caller of order)
    for (const [from, callee, share] of calls) {
      if (from !== caller) continue;
      const passed = hits(context, 'early_return', caller) ? 0.1 : 1;
      const rate = Math.max(0, (sample.get(`${caller}/requests`) ?? 0) * share * passed * (1 + noise.normal(0.04)));
      sample.set(`${caller}>${callee}/requests`, rate);
      sample.set(`${callee}/requests`, (sample.get(`${callee}/requests`) ?? 0) + rate);
    }
}

function resources(context: Context, service: string, sample: Sample): void {
  const { noise, into } = context;
  const requests = sample.get(`${service}/requests`) ?? 0;
  const burn = hits(context, 'cpu', service) ? 0.7 : 0;
  const leak = hits(context, 'memory', service) ? 4e7 + 3e6 * into : 0;
  const writes = hits(context, 'disk', service) ? 5 : 1;
  sample.set(`${service}/cpu_usage`, 0.02 + 0.003 * requests * (1 + noise.normal(0.08)) + burn);
  sample.set(`${service}/memory_working_set_bytes`, 1.5e8 * (1 + noise.normal(0.004)) + leak);
  sample.set(`${service}/disk_io_bytes`, (2e4 + 300 * requests) * (1 + Math.abs(noise.normal(0.3))) * writes);
}

/** Seconds per call, from the callees up: own work, waiting for others, and the way between. */
function latency(context: Context, service: string, sample: Sample): void {
  const { noise, uniform } = { noise: context.noise, uniform: context.noise.uniform };
  const slow = hits(context, 'cpu', service) ? 4 : hits(context, 'disk', service) ? 2 : 1;
  const waiting = calls
    .filter(([caller]) => caller === service)
    .reduce((sum, [caller, callee, share]) => {
      const called = hits(context, 'early_return', caller) ? 0.1 : 1;
      return sum + share * called * (sample.get(`${caller}>${callee}/caller_latency_s`) ?? 0);
    }, 0);
  const own = 0.008 * slow * Math.exp(noise.normal(0.15)) + waiting;
  sample.set(`${service}/latency_s`, own);
  for (const [caller, callee] of calls) {
    if (callee !== service) continue;
    const late = hits(context, 'network_delay', service) ? 0.15 : 0;
    const resent = hits(context, 'packet_loss', service) ? 0.1 + 0.3 * uniform() : 0;
    sample.set(`${caller}>${callee}/caller_latency_s`, own + 0.002 * Math.exp(noise.normal(0.3)) + late + resent);
    sample.set(`${caller}>${callee}/callee_latency_s`, own * (1 + noise.normal(0.02)));
  }
}

function linesOf(context: Context, service: string, time: number): LogLine[] {
  const { noise } = context;
  const said = (level: string, template: string): LogLine => ({ time, entity: service, level, template });
  const usual = [said('INFO', 'request <*> done'), said('INFO', 'request <*> took <*>')];
  const warned = noise.uniform() < 0.05 ? [said('WARN', 'slow answer from <*>')] : [];
  const failed =
    hits(context, 'log_errors', service) && noise.uniform() < 0.8 ? [said('ERROR', 'cannot parse <*>')] : [];
  return [...usual, ...warned, ...failed];
}

function sampleAt(context: Context): Sample {
  const sample: Sample = new Map();
  traffic(context, sample);
  for (const service of [...order].reverse()) {
    resources(context, service, sample);
    latency(context, service, sample);
  }
  return sample;
}

/** Observations of the shop around a planted fault; every twentieth sample of each series is missing. */
export function planted(plan: Plan): Planted {
  const noise = noiseOf(plan.seed);
  const count = plan.before + plan.after;
  const times = Array.from({ length: count }, (_, at) => START + at * plan.step * 1000);
  const logs: LogLine[] = [];
  const samples = times.map((time, at) => {
    const into = Math.max(0, at - plan.before) * plan.step;
    const context = { plan, noise, broken: at >= plan.before, second: at * plan.step, into };
    logs.push(...services.flatMap((service) => linesOf(context, service, time)));
    return sampleAt(context);
  });
  const names = [...(samples[0]?.keys() ?? [])];
  const values = (name: string): number[] =>
    samples.map((sample) => (noise.uniform() < 0.05 ? Number.NaN : (sample.get(name) ?? Number.NaN)));
  const parts = names.map((name) => ({
    name,
    entity: name.slice(0, name.lastIndexOf('/')),
    metric: name.slice(name.lastIndexOf('/') + 1),
  }));
  const series = parts
    .filter(({ entity }) => !entity.includes('>'))
    .map(
      ({ name, entity, metric }): Series => ({ entity, metric, kind: metricKind(metric), times, values: values(name) }),
    );
  const edges = parts
    .filter(({ entity }) => entity.includes('>'))
    .map(({ name, entity, metric }): EdgeSeries => {
      const [caller = '', callee = ''] = entity.split('>');
      return { caller, callee, metric, kind: edgeKind(metric), times, values: values(name) };
    });
  return { observations: { series, edges, logs, calls: shopCalls }, onset: times[plan.before] ?? START };
}
