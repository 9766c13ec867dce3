import { createHash } from 'node:crypto';
import { type Anomaly, channels } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { type Db, enqueue, withTransaction } from '@aetherius/shared/postgres';
import { type Clock, startLoop } from '@aetherius/shared/service';
import { roll } from './forecasting/series-history.ts';
import { fallSilent, prune, type SilentSeries, type SilentSource, sourcesFallSilent } from './series-store.ts';

const SWEEP_MS = 15_000;
const PRUNE_MS = 300_000;

type Silence = Pick<Anomaly, 'cluster_id' | 'series' | 'subject'> & { since: string; key: string };

/** Silence as an anomaly. It is certain: nothing was expected, only counted. */
const missing = ({ key, since, ...about }: Silence, severity: Anomaly['severity'], now: Date): Anomaly => ({
  id: createHash('sha256').update(`silent/${key}/${since}`).digest('hex'),
  ...about,
  kind: 'missing',
  signal: 'fault',
  severity,
  score: 1,
  confidence: 0.8,
  value: null,
  expected: null,
  deviation: null,
  limit: null,
  at: now.toISOString(),
});

const ofSeries = ({ id, last_at, ...about }: SilentSeries): Silence => ({ ...about, since: last_at, key: id });

const ofSource = ({ cluster_id, source, heard_at }: SilentSource): Silence => ({
  cluster_id,
  subject: { kind: 'Cluster', namespace: null, name: cluster_id },
  series: { name: 'metrics', labels: { source } },
  since: heard_at,
  key: `${cluster_id}/${source}`,
});

/** Tells each silence once, in the transaction that marks it. */
export async function sweep(db: Db, now: Date): Promise<number> {
  return withTransaction(db, async (tx) => {
    const series = (await fallSilent(tx, now)).map((one) => missing(ofSeries(one), 'low', now));
    const sources = (await sourcesFallSilent(tx, now)).map((one) => missing(ofSource(one), 'medium', now));
    for (const body of [...series, ...sources]) await enqueue(tx, { subject: channels.anomaly.pattern, body });
    return series.length + sources.length;
  });
}

type Needs = { db: Db; clock: Clock; log: Logger; onAnomaly: () => void };

/** Looks for series that fell silent, because silence brings no point that could be judged, and lets old points go. */
export function startSweeping({ db, clock, log, onAnomaly }: Needs): { stop(): Promise<void> } {
  const run = async () => {
    if ((await sweep(db, clock.now())) > 0) onAnomaly();
  };
  // Rolled up before anything is let go, so that no half hour is lost in between.
  const age = async () => {
    await roll(db, clock.now());
    await prune(db, clock.now());
  };
  const loops = [
    startLoop({ name: 'silent series', every: SWEEP_MS, run, log }),
    startLoop({ name: 'old metrics', every: PRUNE_MS, run: age, log }),
  ];
  return {
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
