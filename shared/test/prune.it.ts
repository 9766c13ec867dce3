import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { createMetrics } from '@aetherius/shared/metrics';
import { type Expiry, inboxExpiry, removeRows, retentionDays, sql, startPruning } from '@aetherius/shared/postgres';
import { database, eventually, fakeClock, needs, silentLogger, type TestDatabase } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const folder = mkdtempSync(`${tmpdir()}/aetherius-prune-`);
afterAll(() => rmSync(folder, { recursive: true }));
const NOW = '2026-03-01T00:00:00.000Z';

const notes: Expiry = {
  what: 'note',
  days: 10,
  remove: removeRows({ table: 'note', key: ['id'], expired: (before) => sql`at < ${before} and not kept` }),
};
const broken: Expiry = {
  what: 'nothing',
  days: 1,
  remove: (tx) => tx.run(sql`delete from no_such_table`),
};

let test: TestDatabase;
const count = async (table: string): Promise<number> =>
  (await test.db.one<{ n: number }>(sql`select count(*) as n from ${sql.raw(table)}`)).n;

/** Prunes until `check` holds; what was counted is handed back. */
async function pruned(expiries: Expiry[], check: () => Promise<void>): Promise<string> {
  const metrics = createMetrics('kit');
  const pruning = startPruning({ db: test.db, expiries, clock: fakeClock(NOW), metrics, log: silentLogger() });
  await eventually(check).finally(() => pruning.stop());
  return metrics.getSingleMetricAsString('aetherius_pruned_rows_total');
}

needs('postgres')('pruning', () => {
  beforeAll(async () => {
    const table =
      'create table note (id bigint primary key, at timestamptz not null, kept boolean not null default false);';
    writeFileSync(`${folder}/0001_note.sql`, table);
    test = await database({ schema: 'kit', migrations: pathToFileURL(`${folder}/`) });
  });
  afterAll(() => test.drop());

  it('removes what is old in as many batches as it takes, keeps the rest, counts, and goes on past a failure', async () => {
    await test.db.run(sql`insert into note select n, timestamptz '2026-01-01' from generate_series(1, 2500) n`);
    await test.db.run(sql`insert into note values (5001, '2026-02-25', false), (5002, '2026-01-01', true)`);
    await test.db.run(sql`insert into inbox values ('c', 'old', '2026-02-01'), ('c', 'new', '2026-02-28')`);
    const counted = await pruned([broken, notes, inboxExpiry(14)], async () =>
      expect([await count('note'), await count('inbox')]).toEqual([2, 1]),
    );
    expect(counted).toContain('{what="note",service="kit"} 2500');
    expect(counted).toContain('{what="inbox",service="kit"} 1');
  });

  it('passes over what somebody is changing, and leaves the turn to a replica that is at it', async () => {
    await test.db.run(sql`insert into note values (1, '2026-01-01'), (2, '2026-01-01')`);
    const other = await test.db.connect();
    await other.query('begin');
    await other.query('select 1 from note where id = 1 for update');
    await pruned([notes], async () => expect(await count('note')).toBe(3));
    await other.query(`select pg_advisory_lock(hashtext('prune:kit'))`);
    await other.query('commit');
    const metrics = createMetrics('kit');
    const pruning = startPruning({
      db: test.db,
      expiries: [notes],
      clock: fakeClock(NOW),
      metrics,
      log: silentLogger(),
    });
    await pruning.stop();
    expect(await count('note')).toBe(3);
    await other.query('select pg_advisory_unlock_all()');
    other.release();
    await pruned([notes], async () => expect(await count('note')).toBe(2));
  });

  it.each(['0', 'ten', '1.5', '99999999'])('refuses %s days', (days) => {
    expect(retentionDays(30, 'notes').safeParse(days).success).toBe(false);
  });
});
