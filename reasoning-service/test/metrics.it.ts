import { Anomaly, agentSubject, type Bundle, type MetricsBatch } from '@aetherius/shared/contracts';
import { ensureStreams, type Nats, openNats } from '@aetherius/shared/nats';
import { sql } from '@aetherius/shared/postgres';
import {
  aBundle,
  aDiagnosis,
  database,
  eventually,
  fakeClock,
  natsServer,
  needs,
  silentLogger,
  type TestDatabase,
  type TestNatsServer,
} from '@aetherius/shared/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createObserver, type Observer } from '../src/detection/observer.ts';
import { createWatchStore } from '../src/detection/watch-store.ts';
import { startMetrics } from '../src/metrics/consume.ts';
import { metricCausesOf } from '../src/metrics/incident-causes.ts';
import { observeGiven } from '../src/metrics/observe-given.ts';
import { sweep } from '../src/metrics/sweep.ts';
import { reportOf } from '../src/offline/report.ts';

const log = silentLogger();
const MINUTE = 60_000;
const start = Date.parse('2026-03-01T10:00:00Z');
const ROWS = 65;
/** The callee is slow from this row on. */
const FAULT = 58;
const cluster = 'eu-1';
type Series = MetricsBatch['series'][number];

const subjectOf = (name: string) => ({ kind: 'Deployment', namespace: 'shop', name });
const noise = (row: number, seed: number): number => 1 + (((row * 7919 + seed * 104_729) % 101) / 101 - 0.5) * 0.1;
const isoAt = (row: number): string => new Date(start + row * MINUTE).toISOString();

type Shape = { from: number; to: number; broken: boolean };
function measured(name: string, subject: string, value: (row: number) => number, { from, to }: Shape): Series {
  const points = Array.from({ length: to - from }, (_, at): [string, number] => [isoAt(from + at), value(from + at)]);
  return { series: { name, labels: {} }, subject: subjectOf(subject), points };
}

/** front calls cart and catalog, cart calls store. */
function shopMetrics(shape: Shape): Series[] {
  const storeMs = (row: number) => (shape.broken && row >= FAULT ? 300 : 10) * noise(row, 1);
  const cartMs = (row: number) => 15 * noise(row, 2) + storeMs(row);
  const latency = { store: storeMs, cart: cartMs, catalog: (row: number) => 12 * noise(row, 3) };
  const all = { ...latency, front: (row: number) => 5 * noise(row, 4) + cartMs(row) + latency.catalog(row) };
  const calls = [
    ['front', 'cart'],
    ['front', 'catalog'],
    ['cart', 'store'],
  ] as const;
  return [
    ...Object.entries(all).flatMap(([name, ms], seed) => [
      measured('latency_mean_ms', name, ms, shape),
      measured('requests_per_second', name, (row) => 20 * noise(row, 10 + seed), shape),
      measured('cpu_usage_cores', name, (row) => 0.2 * noise(row, 20 + seed), shape),
    ]),
    ...calls.map(([caller, callee], seed) => {
      const one = measured('requests_per_second', callee, (row) => 20 * noise(row, 30 + seed), shape);
      return {
        ...one,
        series: { name: one.series.name, labels: { caller: `shop/${caller}`, callee: `shop/${callee}` } },
      };
    }),
  ];
}

const batch = (series: Series[], at: string): MetricsBatch => ({
  cluster_id: 'somebody-else',
  source: 'prometheus',
  at,
  step_seconds: 60,
  series,
  gone: [],
  left_out: 0,
});

needs('postgres', 'nats')('metrics in incidents', () => {
  let postgres: TestDatabase;
  let server: TestNatsServer;
  let nats: Nats;
  let consumers: { stop(): Promise<void> };
  let observer: Observer;
  const clock = fakeClock(isoAt(ROWS));
  beforeAll(async () => {
    [server, postgres] = await Promise.all([
      natsServer(),
      database({ schema: 'reasoning_service', migrations: new URL('../migrations/', import.meta.url) }),
    ]);
    nats = await openNats({ url: server.url, name: 'reasoning-service' }, log);
    await ensureStreams(nats);
    const { db } = postgres;
    observer = createObserver({ db, store: createWatchStore(db), onAnomaly: () => undefined });
    consumers = await startMetrics({ nats, db, observer, clock, log });
  }, 60_000);
  afterAll(async () => {
    await consumers.stop();
    await nats.stop();
    await server.stop();
    await postgres.drop();
  }, 30_000);

  const heard = async (): Promise<number> =>
    (await postgres.db.one<{ count: number }>(sql`select count(*) from metric_point`)).count;
  const tell = async (id: string, shape: Shape): Promise<void> => {
    const before = await heard();
    for (let from = shape.from; from < shape.to; from += 13) {
      const part = { ...shape, from, to: Math.min(from + 13, shape.to) };
      await nats.publish(agentSubject(id, 'metrics'), batch(shopMetrics(part), isoAt(part.to - 1)), {
        id: `${id}${from}`,
      });
    }
    await eventually(async () => expect(await heard()).toBe(before + 15 * (shape.to - shape.from)), { within: 20_000 });
  };
  const inventory = (id: string) =>
    nats.publish(
      agentSubject(id, 'inventory'),
      {
        cluster_id: id,
        at: isoAt(0),
        part: 1,
        parts: 1,
        workloads: ['front', 'cart', 'catalog', 'store'].map((name) => ({
          subject: subjectOf(name),
          pods: [`${name}-1`],
          services: [name],
          nodes: ['n1'],
        })),
      },
      { id: `${id}-inventory` },
    );
  const bundle = (id: string, subject: Bundle['subject']): Bundle =>
    aBundle({ cluster: id, at: isoAt(ROWS - 1), subject });
  const outbox = () => postgres.db.many<{ body: unknown }>(sql`select body from outbox order by created_at`);

  it('explain the alert of a caller by its slow callee, and say so in the report', async () => {
    await inventory(cluster);
    await tell(cluster, { from: 0, to: ROWS, broken: true });
    await eventually(async () =>
      expect(await postgres.db.many(sql`select name from workload where cluster_id = ${cluster}`)).toHaveLength(4),
    );
    const causes = await metricCausesOf(bundle(cluster, subjectOf('front')), postgres.db);
    expect(causes).toMatchObject({
      status: 'answered',
      target: { entity: 'shop/front', metric: 'latency_mean_ms' },
      strength: 'strong',
    });
    expect(causes?.ranked[0]).toMatchObject({ entity: 'shop/store', subject: subjectOf('store') });
    expect(causes?.ranked[0]?.evidence[0]?.id).toBe('metric:latency_mean_ms/shop/store');
    expect(Math.abs(Date.parse(causes?.onset ?? '') - Date.parse(isoAt(FAULT)))).toBeLessThanOrEqual(MINUTE);
    const report = reportOf({ ...aDiagnosis({ metric_causes: causes }), further_findings: [], unread: [], cut: [] });
    expect(report).toContain('What the metrics say is the cause of latency_mean_ms at shop/front');
  });

  it.each([
    ['a pod', { kind: 'Pod', namespace: 'shop', name: 'front-1' }],
    ['a service', { kind: 'Service', namespace: 'shop', name: 'front' }],
  ])('find the workload behind %s', async (_, subject) => {
    const causes = await metricCausesOf(bundle(cluster, subject), postgres.db);
    expect(causes?.ranked[0]?.entity).toBe('shop/store');
  });

  it('are empty with the reason when all is as usual, and null where nothing is sampled', async () => {
    await inventory('eu-2');
    await tell('eu-2', { from: 0, to: ROWS, broken: false });
    const calm = await metricCausesOf(bundle('eu-2', subjectOf('front')), postgres.db);
    expect(calm).toMatchObject({ status: 'empty', ranked: [], reason: expect.stringMatching(/\w/) });
    expect(await metricCausesOf(bundle('eu-9', subjectOf('front')), postgres.db)).toBeNull();
  });

  describe('silence', () => {
    const missing = async () =>
      (await outbox()).map(({ body }) => Anomaly.parse(body)).filter(({ kind }) => kind === 'missing');

    it('of one series is told once, and not again when it speaks', async () => {
      const { db } = postgres;
      const rest = shopMetrics({ from: ROWS, to: ROWS + 1, broken: false }).filter(
        ({ subject }) => subject.name !== 'store',
      );
      const before = (await missing()).length;
      for (let row = ROWS; row < ROWS + 5; row += 1) {
        clock.advance(MINUTE);
        const now = rest.map((one): Series => ({ ...one, points: [[isoAt(row), 1]] }));
        await nats.publish(agentSubject(cluster, 'metrics'), batch(now, isoAt(row)), { id: `silence-${row}` });
        await eventually(async () =>
          expect(await db.many(sql`select from metric_point where at = ${isoAt(row)}::timestamptz`)).toHaveLength(
            now.length,
          ),
        );
      }
      await sweep(db, clock.now());
      await sweep(db, clock.now());
      const told = (await missing()).slice(before).filter(({ cluster_id }) => cluster_id === cluster);
      expect(told.map(({ subject, series }) => `${subject.name} ${series.name}`).sort()).toEqual([
        'store cpu_usage_cores',
        'store latency_mean_ms',
        'store requests_per_second',
        'store requests_per_second',
      ]);
      expect(told[0]).toMatchObject({ value: null, expected: null });
      const count = (await missing()).length;
      const back = measured('cpu_usage_cores', 'store', () => 0.2, { from: ROWS + 5, to: ROWS + 6, broken: false });
      await nats.publish(agentSubject(cluster, 'metrics'), batch([back], isoAt(ROWS + 5)), { id: 'back' });
      await eventually(async () =>
        expect(
          await db.many(sql`select from metric_series where silent and subject ->> 'name' = 'store'`),
        ).toHaveLength(3),
      );
      expect(await missing()).toHaveLength(count);
    });

    it('of a whole source is one anomaly, not one for each of its series', async () => {
      const before = (await missing()).length;
      clock.advance(30 * MINUTE);
      await sweep(postgres.db, clock.now());
      const told = (await missing()).slice(before).filter(({ cluster_id }) => cluster_id === cluster);
      expect(told).toMatchObject([
        { subject: { kind: 'Cluster', name: cluster }, series: { name: 'metrics', labels: { source: 'prometheus' } } },
      ]);
    });

    it('of a series that is sent over REST is noticed, but a history that was sent in one go just ends', async () => {
      const given = observeGiven({ observer, db: postgres.db, clock });
      const series = (name: string, last: number) => ({
        cluster: 'eu-3',
        kind: 'series' as const,
        series: { name, labels: {} },
        subject: subjectOf('front'),
        points: Array.from({ length: 10 }, (_, at) => ({ at: last - (9 - at) * MINUTE, values: [at] })),
      });
      await given.observe([series('live', clock.now().getTime()), series('history', start - 86_400_000)]);
      clock.advance(4 * MINUTE);
      await sweep(postgres.db, clock.now());
      expect(
        (await missing()).filter(({ cluster_id }) => cluster_id === 'eu-3').map(({ series }) => series.name),
      ).toEqual(['live']);
    });
  });

  it('speak for the cluster of the subject, whatever the body says', async () => {
    expect(await postgres.db.many(sql`select from metric_series where cluster_id = 'somebody-else'`)).toEqual([]);
  });
});
