import { isOutdated, unavailableWhenAway } from './away.ts';
import { asking, type Db, type Tx } from './pool.ts';

/** Runs `work` in one transaction; whatever it throws rolls everything back and is thrown on. */
export async function withTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await db.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await unavailableWhenAway(client.query('begin'));
    const result = await work(asking(client, { prepared: true }));
    await unavailableWhenAway(client.query('commit'));
    return result;
  } catch (error) {
    if (isOutdated(error)) broken = error as Error;
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.off('error', onError);
    // A connection that broke must not go back to the pool.
    client.release(broken);
  }
}
