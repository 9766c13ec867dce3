import { type Db, sql } from '@aetherius/shared/postgres';

/** Commits of one small row each in a second, by so many callers at once: what the same server gives without an engine. */
export async function rawCommits(db: Db, { callers, seconds }: { callers: number; seconds: number }): Promise<number> {
  await db.run(
    sql`create table if not exists raw_commit (id bigint generated always as identity primary key, body text)`,
  );
  let commits = 0;
  const started = performance.now();
  const caller = async () => {
    while (performance.now() - started < seconds * 1000) {
      await db.run(sql`insert into raw_commit (body) values ('one small row of about the size of a step')`);
      commits += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const spent = (performance.now() - started) / 1000;
  await db.run(sql`drop table raw_commit`);
  return commits / spent;
}
