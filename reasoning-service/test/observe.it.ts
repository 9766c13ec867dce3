import { Anomaly } from '@aetherius/shared/contracts';
import { sql } from '@aetherius/shared/postgres';
import { database, needs, type TestDatabase } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Observation } from '../src/detection/observation.ts';
import { createObserver, type Observer } from '../src/detection/observer.ts';
import { createWatchStore } from '../src/detection/watch-store.ts';

const STEP = 300_000;
const start = Date.parse('2026-03-01T00:00:00Z');

/** A rhythm that triples for a few rows from `fault` on. */
const observation = (from: number, to: number, { name = 'queue_depth', fault = -100 } = {}): Observation => ({
  cluster: 'eu-1',
  kind: 'series',
  series: { name, labels: {} },
  subject: { kind: 'Deployment', namespace: 'shop', name: 'checkout' },
  points: Array.from({ length: to - from }, (_, at) => {
    const row = from + at;
    const value = 100 + 40 * Math.sin((2 * Math.PI * row) / 60) + ((row * 7919) % 13);
    return { at: start + row * STEP, values: [row >= fault && row < fault + 5 ? 3 * value : value] };
  }),
});

needs('postgres')('observing series', () => {
  let postgres: TestDatabase;
  beforeAll(async () => {
    postgres = await database({
      schema: 'reasoning_service',
      migrations: new URL('../migrations/', import.meta.url),
    });
  });
  afterAll(() => postgres.drop());

  const process = (onAnomaly = () => {}): Observer =>
    createObserver({ db: postgres.db, store: createWatchStore(postgres.db), onAnomaly });
  const outbox = () => postgres.db.many<{ subject: string; body: unknown }>(sql`select subject, body from outbox`);

  it('writes an anomaly into the outbox together with the state that it came from', async () => {
    const observer = process();
    const calm = await observer.observe([observation(0, 650)]);
    expect(calm).toMatchObject([{ stage: 'full', observed: 650, already_known: 0 }]);
    const before = (await outbox()).length;
    const [watched] = await observer.observe([observation(650, 700, { fault: 660 })]);
    const told = (await outbox()).slice(before);
    expect(watched?.anomalies.length).toBeGreaterThan(0);
    expect(told.map(({ subject }) => subject)).toEqual(watched?.anomalies.map(() => 'internal.signal.anomaly'));
    const anomaly = Anomaly.parse(told[0]?.body);
    expect(anomaly).toMatchObject({ cluster_id: 'eu-1', kind: 'unusual', series: { name: 'queue_depth' } });
    expect(anomaly.deviation).toBeGreaterThan(50);
  });

  it('goes on after a restart and takes no point twice', async () => {
    const [again] = await process().observe([observation(600, 720)]);
    expect(again).toMatchObject({ stage: 'full', observed: 20, already_known: 100 });
  });

  it('lets two processes take turns: whose state is old reads what the other wrote', async () => {
    const [first, second] = [process(), process()];
    const all = { name: 'cpu', fault: 660 };
    await first.observe([observation(0, 650, all)]);
    await second.observe([observation(650, 655, all)]);
    expect(await first.observe([observation(650, 658, all)])).toMatchObject([{ observed: 3, already_known: 5 }]);
    const [ofTwo] = await second.observe([observation(658, 700, all)]);
    const [ofOne] = await process().observe([observation(0, 700, { ...all, name: 'same' })]);
    const told = ofOne?.anomalies.filter(({ at }) => Date.parse(at) >= start + 658 * STEP);
    expect(ofTwo?.anomalies.map(({ at, score }) => [at, score])).toEqual(told?.map(({ at, score }) => [at, score]));
    expect(told?.length).toBeGreaterThan(0);
  });

  it('refuses one series named twice', async () => {
    expect(() => process().observe([observation(0, 2), observation(2, 4)])).toThrow(/input does not fit/i);
  });
});
