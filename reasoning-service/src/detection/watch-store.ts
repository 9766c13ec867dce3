import { type Db, sql, type Tx } from '@aetherius/shared/postgres';
import type { Observation } from './observation.ts';
import type { WatchState } from './watch.ts';

/** A stored watch; `revision` tells a second process that the first was there. */
export type StoredWatch = { id: string; state: WatchState; last_at: string; revision: number };
type Saved = { id: string; observation: Observation; state: WatchState; lastAt: number; revision: number };

export type WatchStore = ReturnType<typeof createWatchStore>;

export const createWatchStore = (db: Db) => ({
  find: (ids: readonly string[]): Promise<StoredWatch[]> =>
    db.many<StoredWatch>(sql`select id, state, last_at, revision from metric_watch where id = any(${[...ids]})`),

  /** Writes the next revision; false when another process has written it. */
  save: async (tx: Tx, { id, observation, state, lastAt, revision }: Saved): Promise<boolean> => {
    const { cluster, kind, series, subject } = observation;
    const written = await tx.run(sql`
    insert into metric_watch (id, cluster_id, kind, series, subject, state, last_at, revision)
    values (${id}, ${cluster}, ${kind}, ${sql.json(series)}::jsonb, ${sql.json(subject)}::jsonb, ${sql.json(state)}::jsonb,
      ${new Date(lastAt)}, ${revision + 1})
    on conflict (id) do update set state = excluded.state, last_at = excluded.last_at, revision = excluded.revision
    where metric_watch.revision = ${revision}`);
    return written === 1;
  },
});
