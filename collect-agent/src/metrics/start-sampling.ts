import {
  agentSubject,
  type JsonObject,
  MAX_BATCH_SERIES,
  type MetricsBatch,
  type Subject,
} from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { type Clock, sleep, startLoop } from '@aetherius/shared/service';
import { asObject } from '../evidence/bundle-items.ts';
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/kube-error.ts';
import { createReader } from '../snapshot/reader.ts';
import type { Bus } from '../uplink/bus.ts';
import type { Facts } from '../watch/cluster-state.ts';
import { inventoryOf } from './inventory.ts';
import { readLimits } from './limits.ts';
import { samplesOf } from './prometheus.ts';
import { queries } from './queries.ts';
import { type Remembered, remember } from './remembered.ts';
import type { Sample } from './sample.ts';
import { bounded } from './series-bound.ts';
import { presentIn, usageSamplesOf } from './usage.ts';

type Source = MetricsBatch['source'];
type Asked = Pick<KubeClient, 'get'>;
/** What was sampled, and whether what is missing from it still exists. */
type Read = { samples: Sample[]; isThere: (subject: Subject) => boolean };
type Needs = {
  client: KubeClient;
  /** Prometheus, where one is configured. */
  prometheus: Asked | undefined;
  bus: Pick<Bus, 'current'>;
  facts: Facts;
  /** Whether the view is whole; before that half a cluster would look deleted. */
  ready: () => boolean;
  cluster: string;
  /** The only namespaces that may be read; all of them where none is named. */
  namespaces?: readonly string[];
  clock: Clock;
  log: Logger;
  failed?: (source: Source) => void;
  sampled?: (samples: readonly Sample[]) => void;
  /** Milliseconds between samples; a minute unless a test is in a hurry. */
  every?: number;
};
export type Sampling = { stop: () => Promise<void> };

const EVERY_MS = 60_000;
const INVENTORY_MS = 300_000;
const READY_CHECK_MS = 250;
/** Steps of history that Prometheus is asked for at the start and after an interruption, so many of them in one message. */
const MOST_BACK = 60;
const STEPS_AT_ONCE = 15;
const MOST_OBJECTS = 10_000;

const seconds = (time: number): string => (time / 1000).toFixed(3);

/** Whole steps, so that the same time never comes twice with another value. */
const lastStep = (now: number, step: number): number => Math.floor(now / step) * step;

/** What the metrics API has now; undefined where there is none, which a cluster without metrics-server may well have. */
async function fromMetricsApi({ client, facts }: Needs, at: string): Promise<Read | undefined> {
  const reader = createReader(client, 2);
  const path = (plural: string) => `/apis/metrics.k8s.io/v1beta1/${plural}`;
  const [pods, nodes] = await Promise.all(
    ['pods', 'nodes'].map((plural) => reader.collection(path(plural), { most: MOST_OBJECTS, isExtra: true })),
  );
  if (pods === undefined || nodes === undefined || (!pods.whole && pods.items.length === 0)) return undefined;
  const samples = usageSamplesOf({ pods: pods.items, nodes: nodes.items }, facts, at);
  return { samples, isThere: presentIn(facts) };
}

/** How near to their limits quotas, autoscalers and certificates are. */
async function fromObjects({ client, namespaces = [] }: Needs, at: string): Promise<Read> {
  const { samples, unread } = await readLimits(client, { namespaces, at });
  return { samples, isThere: ({ kind }) => unread.has(kind) };
}

/** What Prometheus has between two times, one query after the other so that it is never asked twice at once. */
async function fromPrometheus(
  { prometheus, facts }: Needs,
  span: { from: number; to: number; step: number },
): Promise<Read | undefined> {
  if (prometheus === undefined) return undefined;
  const samples: Sample[] = [];
  for (const one of queries) {
    const answer: JsonObject = asObject(
      await prometheus.get('/api/v1/query_range', {
        query: one.query,
        start: seconds(span.from),
        end: seconds(span.to),
        step: seconds(span.step),
      }),
    );
    samples.push(...samplesOf(one, answer, facts));
  }
  return { samples, isThere: presentIn(facts) };
}

/** Publishes what a source sampled, in as many messages as it takes; what does not get through is lost, and the next sample comes. */
async function publish(
  { bus, cluster }: Needs,
  batch: Read & { source: Source; at: string; step: number; known: Remembered },
): Promise<void> {
  const { source, at, step, samples, isThere, known } = batch;
  const { kept, leftOut } = bounded(samples, known);
  const gone = remember(known, kept, isThere);
  const parts = Math.max(1, Math.ceil(Math.max(kept.length, gone.length) / MAX_BATCH_SERIES));
  for (let part = 0; part < parts; part += 1) {
    const cut = <T>(list: readonly T[]): T[] => list.slice(part * MAX_BATCH_SERIES, (part + 1) * MAX_BATCH_SERIES);
    const body: MetricsBatch = {
      cluster_id: cluster,
      source,
      at,
      step_seconds: step / 1000,
      series: cut(kept),
      gone: cut(gone),
      left_out: part === 0 ? leftOut : 0,
    };
    await bus.current()?.publish(agentSubject(cluster, 'metrics'), body, { id: `${cluster}:${source}:${at}:${part}` });
  }
}

type Sampler = (source: Source, at: string, read: () => Promise<Read | undefined>) => Promise<boolean>;

/** Asks Prometheus for every step since it last answered, as far back as it may. */
function catchingUp(needs: Needs & { every: number }, sample: Sampler, signal: AbortSignal) {
  const { every } = needs;
  let asked = Number.NEGATIVE_INFINITY;
  return async (to: number): Promise<void> => {
    while (asked < to && !signal.aborted) {
      const from = Math.max(asked + every, to - MOST_BACK * every);
      const until = Math.min(from + (STEPS_AT_ONCE - 1) * every, to);
      const read = () => fromPrometheus(needs, { from, to: until, step: every });
      if (!(await sample('prometheus', new Date(until).toISOString(), read))) return;
      asked = until;
    }
  };
}

/** Samples a cluster's metrics once a minute and its inventory every five, for as long as this agent leads. */
export function startSampling(needs: Needs): Sampling {
  const { clock, log, cluster, bus, every = EVERY_MS } = needs;
  const known: Record<Source, Remembered> = {
    'metrics.k8s.io': new Map(),
    prometheus: new Map(),
    kubernetes: new Map(),
  };
  const abort = new AbortController();

  const sample: Sampler = async (source, at, read) => {
    try {
      const found = await read();
      if (found === undefined) return false;
      needs.sampled?.(found.samples);
      await publish(needs, { source, at, step: every, ...found, known: known[source] });
      return true;
    } catch (err) {
      needs.failed?.(source);
      // A source that is away says nothing: the silence itself is what is noticed at the other end.
      const level = err instanceof KubeError ? 'info' : 'warn';
      log[level]({ err, source }, 'metrics could not be sampled');
      return false;
    }
  };
  const catchUp = catchingUp({ ...needs, every }, sample, abort.signal);
  /** Waits until there is a whole view and somebody to tell; false when it is stopped before. */
  const mayTell = async (): Promise<boolean> => {
    const waits = () => !(needs.ready() && bus.current()?.connected() === true);
    while (waits() && !abort.signal.aborted) await sleep(READY_CHECK_MS, abort.signal);
    return !abort.signal.aborted;
  };
  const run = async () => {
    if (!(await mayTell())) return;
    const now = clock.now().getTime();
    const to = lastStep(now, every);
    const at = new Date(to).toISOString();
    await sample('metrics.k8s.io', at, () => fromMetricsApi(needs, at));
    await sample('kubernetes', at, () => fromObjects(needs, at));
    await catchUp(to);
  };
  const tell = async () => {
    if (!(await mayTell())) return;
    const at = clock.now().toISOString();
    for (const part of inventoryOf(needs.facts, { cluster, at }))
      await bus.current()?.publish(agentSubject(cluster, 'inventory'), part, { id: `${cluster}:${at}:${part.part}` });
  };
  const samples = startLoop({ name: 'metrics', every, run, log });
  const inventory = startLoop({ name: 'inventory', every: Math.min(INVENTORY_MS, 5 * every), run: tell, log });
  return {
    stop: async () => {
      abort.abort();
      await Promise.all([samples.stop(), inventory.stop()]);
    },
  };
}
