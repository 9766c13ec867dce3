import type { Anomaly } from '@aetherius/shared/contracts';
import { sql } from '@aetherius/shared/postgres';
import { needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sweep } from '../src/metrics/sweep.ts';
import { learningRig } from './learning-rig.ts';

type Rig = Awaited<ReturnType<typeof learningRig>>;

const MINUTE = 60_000;
const DAY = 86_400_000;
const subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };

needs('postgres', 'nats')('points over REST', () => {
  let at: Rig;
  beforeAll(async () => {
    at = await learningRig();
  }, 60_000);
  afterAll(async () => at.stop(), 30_000);

  const iso = (beforeNow: number): string => new Date(at.clock.now().getTime() - beforeNow).toISOString();
  const observe = (name: string, times: readonly string[]) =>
    at.ask('POST', '/detect/observe', {
      cluster_id: 'eu-1',
      series: [{ series: { name }, subject, points: times.map((time, value) => ({ at: time, value })) }],
    });
  const silent = async (): Promise<string[]> => {
    const told = await at.db.many<{ body: Anomaly }>(sql`select body from outbox order by created_at`);
    return told
      .filter(({ body }) => body.kind === 'missing')
      .map(({ body: { series, subject } }) => `${subject.name} ${series.name}`);
  };

  it('that are days apart stop no silence from being told', async () => {
    for (const days of [10, 24, 25, 30, 3_650])
      expect(await observe(`every ${days} days`, [iso(days * DAY), iso(0)])).toMatchObject({ status: 200 });
    // What an earlier version wrote.
    await at.db.run(sql`insert into metric_series (id, cluster_id, source, series, subject, step_ms, last_at, heard_at)
      values ('old', 'eu-2', 'rest', '{"name":"old","labels":{}}', ${subject}, ${2 ** 31 - 1}, ${at.clock.now()}, ${at.clock.now()})`);
    await at.db.run(sql`insert into metric_source (cluster_id, source, step_ms, heard_at)
      values ('eu-3', 'prometheus', 60000, ${at.clock.now()})`);
    await observe('every minute', [iso(MINUTE), iso(0)]);
    at.clock.advance(4 * MINUTE);
    await sweep(at.db, at.clock.now());
    expect(await silent()).toEqual(['cart every minute', 'eu-3 metrics']);
  });

  it.each([
    ['2099-01-01T00:00:00Z', 'lies in the future'],
    ['9999-12-31T23:59:59Z', 'lies in the future'],
    ['0001-01-01T00:00:00Z', 'lies before 1970'],
    ['9999-12-31T23:59:59-15:00', 'is not in the years 1 to 9999'],
    ['2020-01-01T00:00:00+16:00', 'has an offset beyond 15:59'],
  ])('of %s are refused by the name of their field', async (time, words) => {
    const before = time < iso(0);
    const answer = await observe(`of ${time}`, before ? [time, iso(0)] : [iso(0), time]);
    expect(answer).toMatchObject({
      status: 400,
      body: {
        errors: [{ field: `body.series.0.points.${before ? 0 : 1}.at`, message: expect.stringContaining(words) }],
      },
    });
    expect(await at.db.many(sql`select from metric_series where series ->> 'name' = ${`of ${time}`}`)).toEqual([]);
  });

  it('are refused in a workload as in a series', async () => {
    const point = { at: iso(-DAY), requests_per_second: 1, p95_seconds: 1, memory_bytes: 1 };
    const workloads = [{ preset: 'aegisops', subject, points: [point] }];
    expect(await at.ask('POST', '/detect/observe', { cluster_id: 'eu-1', workloads })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'body.workloads.0.points.0.at' }] },
    });
  });

  it('of any times are taken or refused, and never fail the sweep', async () => {
    const isoAt = (ms: number) => new Date(ms).toISOString();
    const times = fc.oneof(
      fc.integer({ min: Date.parse('0001-01-01T00:00:00Z'), max: at.clock.now().getTime() }).map(isoAt),
      fc.nat(at.clock.now().getTime()).map(isoAt),
      fc.nat(10 * MINUTE).map(iso),
      fc.constantFrom('0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-12:00'),
    );
    const rising = (all: string[]) => [...new Set(all)].sort((a, b) => Date.parse(a) - Date.parse(b));
    await fc.assert(
      fc.asyncProperty(fc.uuid(), fc.array(times, { minLength: 1, maxLength: 5 }).map(rising), async (name, given) => {
        const { status } = await observe(name, given);
        expect(status).toBe(given.every((time) => Date.parse(time) >= 0 && !/^\d{4}-.*-12:00$/.test(time)) ? 200 : 400);
        await sweep(at.db, at.clock.now());
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});
