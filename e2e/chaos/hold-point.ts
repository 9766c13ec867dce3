import { type Db, sql } from '@aetherius/shared/postgres';
import { until } from './until.ts';

/** A place in a service's work, named by what it writes there: its transaction is stopped after this write and before it commits. */
export type Point = { table: string; on: 'insert' | 'update' | 'delete'; when?: string };

const KEY = 20_260;
const FUNCTION = 'public.chaos_hold';
const REACHED_WITHIN_SECONDS = 90;

/** What brings a transaction to the point, what happens while it stands there, and whether it may commit afterwards. */
type Strike = { cause: () => void; work: () => Promise<void>; commits?: boolean };

/** Does something at the instant in which a transaction stands at a point. */
export async function atPoint(db: Db, point: Point, { cause, work, commits = false }: Strike): Promise<void> {
  const holder = await db.connect();
  // The database may be what dies there.
  holder.on('error', () => undefined);
  try {
    await holder.query('select pg_advisory_lock($1)', [KEY]);
    await arm(db, point);
    cause();
    await until(() => reached(db, point), { seconds: REACHED_WITHIN_SECONDS });
    await work();
    if (!commits) await rollBack(db);
  } finally {
    await holder.query('select pg_advisory_unlock_all()').catch(() => undefined);
    holder.release();
    await disarm(db, point);
  }
}

/** Whoever stood there is dead or would go on: neither may commit. */
const rollBack = (db: Db): Promise<number> =>
  db.run(
    sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = ${KEY} and not granted`,
  );

async function arm(db: Db, { table, on, when = 'true' }: Point): Promise<void> {
  await db.run(sql`
    create or replace function ${sql.raw(FUNCTION)}() returns trigger language plpgsql as
    ${sql.raw(`$$ begin perform pg_advisory_xact_lock_shared(${KEY}); return null; end $$`)}`);
  await db.run(sql`
    create trigger chaos_hold after ${sql.raw(on)} on ${sql.raw(table)} for each row when (${sql.raw(when)})
    execute function ${sql.raw(FUNCTION)}()`);
}

/** Takes the point away again; also after the database was killed with it in place. */
export const disarm = (db: Db, { table }: Point): Promise<number> =>
  db.run(sql`drop trigger if exists chaos_hold on ${sql.raw(table)}`);

async function reached(db: Db, { table, on }: Point): Promise<string[]> {
  const { held } = await db.one<{ held: number }>(
    sql`select count(*) as held from pg_locks where locktype = 'advisory' and objid = ${KEY} and not granted`,
  );
  return held > 0 ? [] : [`nothing came to the ${on} on ${table}`];
}
