import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { DeadLetter } from '@aetherius/shared/contracts';
import { errors, isRetryable } from '@aetherius/shared/errors';
import {
  enqueue,
  enqueueRequest,
  firstTime,
  migrate,
  migrateCommand,
  openPool,
  type RequestOutcome,
  sql,
  startOutboxRelay,
  withTransaction,
} from '@aetherius/shared/postgres';
import { newId } from '@aetherius/shared/service';
import { database, eventually, needs, silentLogger, type TestDatabase } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const folder = mkdtempSync(`${tmpdir()}/aetherius-migrations-`);
afterAll(() => rmSync(folder, { recursive: true }));
const migrations = pathToFileURL(`${folder}/`);
const log = silentLogger();
const thing = 'create table thing (id bigint primary key, at timestamptz, span interval, data jsonb);';

needs('postgres')('postgres', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    writeFileSync(`${folder}/0001_thing.sql`, thing);
    test = await database({ schema: 'kit', migrations });
  });
  afterAll(() => test.drop());

  it('speaks RFC 3339, numbers and durations', async () => {
    const at = '2026-01-02T03:04:05.678Z';
    const row = await test.db.one(
      sql`select ${at}::timestamptz as at, 12::int8 as n, interval '90 seconds' as span, ${{ a: [1] }}::jsonb as data`,
    );
    expect(row).toEqual({ at, n: 12, span: '90s', data: { a: [1] } });
  });

  it('nests queries and keeps their values apart', async () => {
    const where = sql.join([sql`n > ${1}`, sql`n < ${4}`], ' and ');
    const rows = await test.db.many<{ n: number }>(sql`select n from generate_series(1, ${9}::int) n where ${where}`);
    expect(rows.map(({ n }) => n)).toEqual([2, 3]);
  });

  it('rolls back whatever fails half-way', async () => {
    const failing = withTransaction(test.db, async (tx) => {
      await tx.run(sql`insert into thing (id) values (1)`);
      throw new Error('half-way');
    });
    await expect(failing).rejects.toThrow('half-way');
    expect(await test.db.many(sql`select 1 from thing`)).toEqual([]);
  });

  it('calls it worth another try when the database ends a session, in and out of a transaction', async () => {
    const end = sql`select pg_terminate_backend(pg_backend_pid())`;
    const caught = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error);
    expect(isRetryable(await caught(test.db.run(end)))).toBe(true);
    expect(isRetryable(await caught(withTransaction(test.db, (tx) => tx.run(end))))).toBe(true);
    expect(isRetryable(await caught(test.db.run(sql`select 1 / 0`)))).toBe(false);
    expect(await test.db.one(sql`select 1 as one`)).toEqual({ one: 1 });
  });

  it('goes on with another session when a migration has changed what a prepared statement gives', async () => {
    await test.db.run(sql`create table growing (id int)`);
    const read = () => withTransaction(test.db, (tx) => tx.many(sql`select * from growing`));
    for (let time = 0; time < 3; time += 1) expect(await read()).toEqual([]);
    await test.db.run(sql`alter table growing add column more int`);
    await test.db.run(sql`insert into growing values (1, 2)`);
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await read()).toEqual([{ id: 1, more: 2 }]);
    await test.db.run(sql`drop table growing`);
  });

  it('knows a message that it has seen', async () => {
    const seen = () => withTransaction(test.db, (tx) => firstTime(tx, 'c', 'm-1'));
    expect([await seen(), await seen()]).toEqual([true, false]);
  });

  it('refuses a migration that was edited, naming the file', async () => {
    writeFileSync(`${folder}/0001_thing.sql`, '-- edited');
    await expect(migrate({ db: test.db, folder: migrations, log })).rejects.toThrow('0001_thing.sql');
  });

  it('refuses a database that is behind where somebody else is to migrate, naming what is missing and the way out', async () => {
    const behind = await openPool({ url: test.url, schema: 'kit_behind' });
    try {
      const expecting = () => migrate({ db: behind, folder: migrations, log, mode: 'expected' });
      await expect(expecting()).rejects.toThrow(/database lacks migrations .*0001_thing\.sql.*MIGRATIONS=apply/);
      expect(await behind.many(sql`select 1 from pg_namespace where nspname = 'kit_behind'`)).toEqual([]);
      await migrate({ db: behind, folder: migrations, log });
      await expecting();
    } finally {
      await behind.stop();
    }
  });

  it('waits while another replica migrates, and no longer than until it is told to stop', async () => {
    const abort = new AbortController();
    const pool = () => openPool({ url: test.url, schema: 'kit_waited_for' });
    const [busy, patient, stopped] = [await pool(), await pool(), await pool()];
    let [went, ended] = [false, false];
    const going = await withTransaction(busy, async (tx) => {
      await tx.run(sql`select pg_advisory_xact_lock(hashtext('migrate:' || current_setting('search_path')))`);
      const going = migrate({ db: patient, folder: migrations, log }).then(() => (went = true));
      const stopping = migrate({ db: stopped, folder: migrations, log, signal: abort.signal }).finally(
        () => (ended = true),
      );
      const refused = expect(stopping).rejects.toThrow('aborted');
      await setTimeout(400);
      expect([went, ended]).toEqual([false, false]);
      abort.abort();
      await refused;
      await stopped.stop();
      return { going };
    });
    await going.going;
    expect(await patient.many(sql`select name from migration`)).not.toEqual([]);
    await Promise.all([busy.stop(), patient.stop()]);
  });

  it('makes the schema where nobody has made it, and ends with a code that tells how it went', async () => {
    const migrating = { service: 'kit', schema: 'kit_anew', folder: migrations };
    const run = (environment: Record<string, string>) => migrateCommand({ ...migrating, environment });
    const quiet = { LOG_LEVEL: 'silent' };
    expect(await run({ ...quiet, DATABASE_URL: test.url })).toBe(0);
    expect(await run({ ...quiet, DATABASE_URL: test.url })).toBe(0);
    expect(await test.db.many(sql`select name from kit_anew.migration`)).not.toEqual([]);
    expect(await run({ ...quiet, DATABASE_URL: 'not an address' })).toBe(1);
  });

  it('relays what was committed once, and asks an absent agent until the deadline', async () => {
    const sent: string[] = [];
    const outcomes: RequestOutcome[] = [];
    const nats = {
      publish: async (_: string, __: unknown, { id }: { id: string }) => sent.push(id),
      ask: async (subject: string): Promise<RequestOutcome> =>
        subject === 'there' ? { status: 'replied', reply: 'yes' } : { status: 'offline' },
    };
    const id = await withTransaction(test.db, async (tx) => {
      await enqueueRequest(tx, { subject: 'there', body: {}, deadline: new Date(Date.now() + 60_000) });
      await enqueueRequest(tx, { subject: 'nowhere', body: {}, deadline: new Date(Date.now() + 500) });
      return enqueue(tx, { subject: 's', body: { a: 1 }, id: newId() });
    });
    const relay = startOutboxRelay({
      db: test.db,
      nats,
      service: 'kit',
      log,
      onReply: async (_, __, outcome) => void outcomes.push(outcome),
    });
    await eventually(async () => expect(await test.db.many(sql`select 1 from outbox`)).toEqual([]));
    await relay.stop();
    expect(sent).toEqual([`kit:${id}`]);
    expect(outcomes).toEqual([{ status: 'replied', reply: 'yes' }, { status: 'offline' }]);
  });

  it('lets no request that cannot be asked hold up the others', async () => {
    const asked: string[] = [];
    const outcomes: [string, string][] = [];
    const nats = {
      publish: async () => undefined,
      ask: async (subject: string): Promise<RequestOutcome> => {
        asked.push(subject);
        if (subject.startsWith('bad')) throw new Error('illegal subject');
        return { status: 'replied', reply: subject === 'sour' ? 'sour' : 'yes' };
      },
    };
    const within = (ms: number) => new Date(Date.now() + ms);
    await withTransaction(test.db, async (tx) => {
      for (let index = 0; index < 5; index += 1)
        await enqueueRequest(tx, { subject: `bad ${index}`, body: {}, deadline: within(1_500) });
      await enqueueRequest(tx, { subject: 'late', body: {}, deadline: within(-1) });
      await enqueueRequest(tx, { subject: 'sour', body: {}, deadline: within(1_500) });
      await enqueueRequest(tx, { subject: 'good', body: {}, deadline: within(60_000) });
    });
    const relay = startOutboxRelay({
      db: test.db,
      nats,
      service: 'kit',
      log,
      onReply: async (tx, { subject }, outcome) => {
        if (outcome.status === 'replied' && outcome.reply === 'sour') await tx.run(sql`select 1 / 0`);
        outcomes.push([subject, outcome.status]);
      },
    });
    await eventually(async () => expect(await test.db.many(sql`select 1 from outbox`)).toEqual([]));
    await relay.stop();
    expect(outcomes.slice(0, 2).toSorted()).toEqual([
      ['good', 'replied'],
      ['late', 'offline'],
    ]);
    expect(outcomes.slice(2).toSorted()).toEqual([
      ...Array.from({ length: 5 }, (_, index) => [`bad ${index}`, 'offline']),
      ['sour', 'offline'],
    ]);
    expect(asked).not.toContain('late');
    expect(asked.filter((subject) => subject === 'bad 0').length).toBeGreaterThan(1);
  });

  it('keeps a message that cannot be sent from holding up the others, and buries it with the reason', async () => {
    const sent: { subject: string; body: unknown }[] = [];
    const nats = {
      publish: async (subject: string, body: unknown) => {
        if (subject === 'not sendable') throw errors.invalid_input({ subject });
        if (subject === 'no stream' && sent.length < 2) throw errors.unavailable({ subject });
        sent.push({ subject, body });
      },
      ask: async (): Promise<RequestOutcome> => ({ status: 'offline' }),
    };
    const ids = await withTransaction(test.db, async (tx) => [
      await enqueue(tx, { subject: 'not sendable', body: { lost: false } }),
      await enqueue(tx, { subject: 'no stream', body: {} }),
      await enqueue(tx, { subject: 'fine', body: {} }),
    ]);
    const relay = startOutboxRelay({ db: test.db, nats, service: 'kit', log });
    await eventually(async () => expect(await test.db.many(sql`select 1 from outbox`)).toEqual([]), { within: 15_000 });
    await relay.stop();
    expect(sent.map(({ subject }) => subject)).toEqual(['fine', 'dead.kit', 'no stream']);
    const letter = DeadLetter.parse(sent[1]?.body);
    expect(letter).toMatchObject({ subject: 'not sendable', message_id: `kit:${ids[0]}`, deliveries: 5 });
    expect(JSON.parse(Buffer.from(letter.data, 'base64').toString())).toEqual({ lost: false });
  }, 20_000);
});
