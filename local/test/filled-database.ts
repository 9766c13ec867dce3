import { migrate, openPool, sql } from '@aetherius/shared/postgres';
import { silentLogger } from '@aetherius/shared/testing';

/** Does something in a database, over a connection of its own. */
export async function inDatabase<T>(
  url: string,
  work: (db: Awaited<ReturnType<typeof openPool>>) => Promise<T>,
  schema = 'public',
): Promise<T> {
  const db = await openPool({ url, schema, max: 1 });
  return work(db).finally(() => db.stop());
}

/** Makes the tables of all services, and one cluster in them. */
export async function fillDatabase(url: string): Promise<void> {
  for (const service of ['agent-manager', 'orchestrator-service', 'reasoning-service']) {
    const schema = service.replaceAll('-', '_');
    await inDatabase(url, (db) => db.run(sql`create schema ${sql.raw(schema)}`));
    const migrations = new URL(`../../${service}/migrations/`, import.meta.url);
    await inDatabase(url, (db) => migrate({ db, folder: migrations, log: silentLogger() }), schema);
  }
  await inDatabase(url, (db) => db.run(sql`insert into agent_manager.cluster (id) values ('eu-1')`));
}

/** The clusters that a database knows. */
export const clustersIn = (url: string): Promise<string[]> =>
  inDatabase(url, async (db) =>
    (await db.many<{ id: string }>(sql`select id from agent_manager.cluster order by id`)).map(({ id }) => id),
  );
