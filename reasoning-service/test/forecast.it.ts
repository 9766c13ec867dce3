import { type Anomaly, agentSubject, channels, type MetricsBatch, type Subject } from '@aetherius/shared/contracts';
import { AetheriusError } from '@aetherius/shared/errors';
import { consume, ensureStreams, type Nats, openNats } from '@aetherius/shared/nats';
import { sql, startOutboxRelay } from '@aetherius/shared/postgres';
import {
  database,
  eventually,
  fakeClock,
  natsServer,
  needs,
  silentLogger,
  type TestDatabase,
  type TestNatsServer,
} from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createObserver } from '../src/detection/observer.ts';
import { createWatchStore } from '../src/detection/watch-store.ts';
import { PredictionRequest, type PredictionResult, predict } from '../src/forecast/prediction.ts';
import { forecastRoutes } from '../src/forecast/routes.ts';
import { createLearningStore } from '../src/learning/learning-store.ts';
import { startMetrics } from '../src/metrics/consume.ts';
import { sweepForecasts } from '../src/metrics/forecasting/forecast-sweep.ts';
import { storedResources } from '../src/metrics/forecasting/of-object.ts';
import { roll } from '../src/metrics/forecasting/series-history.ts';

const log = silentLogger();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const start = Date.parse('2026-03-01T10:00:00Z');
const cluster = 'eu-1';
type Series = MetricsBatch['series'][number];

const claim = (name: string): Subject => ({ kind: 'PersistentVolumeClaim', namespace: 'shop', name });
const cart: Subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const wave = (minute: number): number => 0.004 * Math.sin(minute / 3);

/** What was cleaned up of the claim that fills, and when. */
let cleanedAt = Number.POSITIVE_INFINITY;
const filled = (minute: number): number =>
  minute < cleanedAt ? 0.4 + 0.0025 * minute : 0.2 + 0.0001 * (minute - cleanedAt);

/** A claim that is full after four hours, one that breathes, a quota at rest, and a certificate of ten days. */
const measured: [string, Subject, (minute: number) => number][] = [
  ['volume_used_ratio', claim('fills'), (minute) => filled(minute) + wave(minute)],
  ['volume_used_ratio', claim('calm'), (minute) => 0.7 + wave(minute)],
  ['quota_used_ratio', { kind: 'ResourceQuota', namespace: 'shop', name: 'team' }, () => 1],
  [
    'certificate_not_after_seconds',
    { kind: 'Certificate', namespace: 'shop', name: 'tls' },
    () => start / 1000 + 10 * 86_400,
  ],
  ['cpu_usage_cores', cart, (minute) => 0.2 + wave(minute)],
  ['memory_usage_bytes', cart, (minute) => 1e8 * (1 + wave(minute))],
];

const iso = (minute: number): string => new Date(start + minute * MINUTE).toISOString();
const seriesBetween = (from: number, to: number): Series[] =>
  measured.map(([name, subject, value]) => ({
    series: { name, labels: {} },
    subject,
    points: Array.from({ length: to - from }, (_, at): [string, number] => [iso(from + at), value(from + at)]),
  }));

needs('postgres', 'nats')('forecasts of stored series', () => {
  let postgres: TestDatabase;
  let server: TestNatsServer;
  let nats: Nats;
  const parts: { stop(): Promise<void> | void }[] = [];
  const heard: Anomaly[] = [];
  const clock = fakeClock(iso(0));
  let minute = 0;

  beforeAll(async () => {
    [server, postgres] = await Promise.all([
      natsServer(),
      database({ schema: 'reasoning_service', migrations: new URL('../migrations/', import.meta.url) }),
    ]);
    nats = await openNats({ url: server.url, name: 'reasoning-service' }, log);
    await ensureStreams(nats);
    const { db } = postgres;
    const observer = createObserver({ db, store: createWatchStore(db), onAnomaly: () => undefined });
    parts.push(
      await startMetrics({ nats, db, observer, clock, log }),
      startOutboxRelay({ db, nats, service: 'reasoning-service', log }),
      await consume({
        nats,
        log,
        service: 'agent-manager',
        purpose: 'anomalies',
        stream: 'SIGNALS',
        channel: channels.anomaly,
        handle: async ({ body }) => void heard.push(body),
      }),
    );
  }, 60_000);
  afterAll(async () => {
    for (const part of parts) await part.stop();
    await nats.stop();
    await server.stop();
    await postgres.drop();
  }, 30_000);

  const points = async (): Promise<number> =>
    (await postgres.db.one<{ count: number }>(sql`select count(*) from metric_point`)).count;

  /** The agent samples for so many minutes. */
  async function sampled(minutes: number): Promise<void> {
    const before = await points();
    const end = minute + minutes;
    for (let from = minute; from < end; from += 20) {
      const to = Math.min(from + 20, end);
      clock.advance((to - from) * MINUTE);
      const series = seriesBetween(from, to);
      const body = { cluster_id: 'x', source: 'prometheus', at: iso(to - 1), step_seconds: 60, series } as const;
      await nats.publish(agentSubject(cluster, 'metrics'), { ...body, gone: [], left_out: 0 }, { id: `m${from}` });
    }
    await eventually(async () => expect(await points()).toBe(before + measured.length * minutes), { within: 20_000 });
    minute = end;
    await roll(postgres.db, clock.now());
  }
  const limits = () => heard.filter(({ kind }) => kind === 'limit');
  const predicted = async (object: Subject, time_window = '4h'): Promise<PredictionResult> => {
    const request = PredictionRequest.parse({ cluster_id: cluster, object, time_window });
    return predict(request, clock.now(), await storedResources(postgres.db, { cluster, object }, 4 * 3600));
  };

  it('tell the claim that fills, once, and neither the calm one nor what always stood at its limit', async () => {
    await sampled(150);
    expect(await sweepForecasts(postgres.db, clock.now())).toBe(1);
    await eventually(() => expect(limits()).toHaveLength(1), { within: 20_000 });
    const [told] = limits();
    expect(told).toMatchObject({ subject: claim('fills'), signal: 'fault', severity: 'high', limit: { value: 1 } });
    const reached = (Date.parse(told?.limit?.reached_at ?? '') - clock.now().getTime()) / MINUTE;
    // It is full 240 minutes after the start, of which 150 have passed.
    expect(reached).toBeGreaterThan(75);
    expect(reached).toBeLessThan(105);
    clock.advance(10 * MINUTE);
    expect(await sweepForecasts(postgres.db, clock.now())).toBe(0);
    clock.advance(-10 * MINUTE);
  }, 60_000);

  it('answer for an object that is named, through the route', async () => {
    const [ask, size] = forecastRoutes({ db: postgres.db, clock, learning: createLearningStore(postgres.db) });
    const body = PredictionRequest.parse({ cluster_id: cluster, object: claim('fills'), time_window: '4h' });
    const answer = await ask?.handler({ body } as never);
    expect(answer).toMatchObject({ status: 'answered', failure_types: ['claim'], forecasts: [{ kind: 'claim' }] });
    expect(await predicted(claim('calm'))).toMatchObject({ failure_types: [], failure_probability: 0 });
    const tls = { kind: 'Certificate', namespace: 'shop', name: 'tls' };
    expect(await predicted(tls, '14d')).toMatchObject({ failure_types: ['certificate'], confidence: 1 });
    const nobody = { ...body, object: claim('nobody') };
    await expect(ask?.handler({ body: nobody } as never)).rejects.toBeInstanceOf(AetheriusError);
    const sized = await size?.handler({ body: { cluster_id: cluster, object: cart } } as never);
    expect(sized).toMatchObject({ container: null, cpu: { status: 'not_enough_data' } });
  });

  it('take it back once the claim was cleaned up, once, and do not tell it again at once', async () => {
    cleanedAt = minute;
    // A few points after a fall say nothing, and nothing known takes nothing back.
    await sampled(5);
    expect(await sweepForecasts(postgres.db, clock.now())).toBe(0);
    await sampled(55);
    expect(await sweepForecasts(postgres.db, clock.now())).toBe(1);
    await eventually(() => expect(limits()).toHaveLength(2), { within: 20_000 });
    expect(limits()[1]).toMatchObject({ subject: claim('fills'), signal: 'clear', limit: null });
    expect(limits()[1]?.value).toBeLessThan(0.3);
    expect(await sweepForecasts(postgres.db, clock.now())).toBe(0);
    expect(
      await postgres.db.one(sql`select over_at is not null as over from forecast_record where told_at is not null`),
    ).toEqual({ over: true });
  }, 60_000);

  it('take back what was told of an object that is gone, unless another limit of it is coming', async () => {
    const node: Subject = { kind: 'Node', namespace: null, name: 'w1' };
    const disk = (device: string) => ({ series: { name: 'node_disk_used_ratio', labels: { device } }, subject: node });
    const both = [disk('a'), disk('b')];
    const batch = (parts: object) => ({
      ...{ cluster_id: cluster, source: 'prometheus', at: iso(minute), step_seconds: 60, series: [], gone: [] },
      ...{ left_out: 0, ...parts },
    });
    const heard = both.map((one) => ({ ...one, points: [[iso(minute - 1), 0.9]] }));
    const send = (parts: object, id: string) => nats.publish(agentSubject(cluster, 'metrics'), batch(parts), { id });
    await send({ series: heard }, 'disks');
    const known = () =>
      postgres.db.many<{ id: string }>(sql`select id from metric_series where subject ->> 'kind' = 'Node'`);
    await eventually(async () => expect(await known()).toHaveLength(2), { within: 20_000 });
    await postgres.db.run(sql`
      insert into forecast_record (series_id, horizon, pending, outcomes, told_at)
      select id, 'near', '[]', '[]', ${clock.now()} from metric_series where subject ->> 'kind' = 'Node'`);
    const of = () => limits().filter(({ subject }) => subject.kind === 'Node');
    await send({ gone: [disk('a')] }, 'gone-a');
    await eventually(async () => expect(await known()).toHaveLength(1), { within: 20_000 });
    await send({ gone: [disk('b')] }, 'gone-b');
    await eventually(() => expect(of()).toHaveLength(1), { within: 20_000 });
    expect(of()).toMatchObject([{ signal: 'clear', value: null, series: { labels: { device: 'b' } } }]);
  }, 60_000);

  it('carry how they turned out, once their time has come', async () => {
    expect((await predicted(claim('calm'))).forecasts[0]?.past_accuracy?.from).toBe('replayed');
    for (let half = 0; half < 12; half += 1) {
      await sampled(30);
      await sweepForecasts(postgres.db, clock.now());
    }
    const [forecast] = (await predicted(claim('calm'))).forecasts;
    expect(forecast?.past_accuracy).toMatchObject({ from: 'made', seconds_ahead: 4 * 3600 });
    expect(forecast?.past_accuracy?.checks).toBeGreaterThanOrEqual(3);
    expect(forecast?.past_accuracy?.median_error).toBeLessThan(0.02);
    expect(limits().filter(({ subject }) => subject.name === 'calm')).toEqual([]);
  }, 120_000);

  it('size the pods of a workload by its stored half hours', async () => {
    await postgres.db.run(sql`
      insert into metric_history (series_id, at, mean, most)
      select s.id, ${clock.now()}::timestamptz - n * interval '30 minutes', h.mean, h.most
      from metric_series s, generate_series(30, 150) as n, lateral (
        select mean, most from metric_history where series_id = s.id order by at limit 1) as h
      where s.series ->> 'name' in ('cpu_usage_cores', 'memory_usage_bytes')
      on conflict do nothing`);
    const [, size] = forecastRoutes({ db: postgres.db, clock, learning: createLearningStore(postgres.db) });
    const current = { request: 1, limit: null };
    const body = { cluster_id: cluster, object: cart, cpu: { current, points: [] } };
    const sized = await size?.handler({ body } as never);
    expect(sized).toMatchObject({ cpu: { status: 'answered', limit: null }, memory: { status: 'answered' } });
    const { cpu, memory } = sized as { cpu: { request: number; saved: number }; memory: { limit: number } };
    expect(cpu.request).toBeCloseTo(1.15 * 0.2, 2);
    expect(cpu.saved).toBeCloseTo(0.77, 2);
    expect(memory.limit / 1e8).toBeCloseTo(1.25, 1);
  });

  it('let half hours go after a week', async () => {
    clock.advance(8 * 24 * HOUR);
    await roll(postgres.db, clock.now());
    expect(await postgres.db.many(sql`select at from metric_history`)).toEqual([]);
  });
});
