import { type Db, sql } from '@aetherius/shared/postgres';
import { LOAD_REASON } from './load.ts';

type Stored = { rows: number; distinct: number; tallied: number; cut: number };
type Told = { name: string; kind: string; state: string; outcome: string | null; action: string | null; seen: boolean };

/** What the database holds of one cluster, once all is written. */
export const createAccounts = (db: Db, cluster: string) => ({
  stored: (): Promise<Stored> =>
    db.one<Stored>(sql`
      select (select count(*) from agent_manager.event where cluster_id = ${cluster} and reason = ${LOAD_REASON}) as rows,
             (select count(distinct message) from agent_manager.event where cluster_id = ${cluster} and reason = ${LOAD_REASON}) as distinct,
             (select coalesce(sum(events), 0) from agent_manager.incident where cluster_id = ${cluster} and subject ->> 'kind' = 'ConfigMap') as tallied,
             (select coalesce(sum((labels ->> 'events')::bigint), 0) from agent_manager.event where cluster_id = ${cluster} and type = 'gap' and labels ? 'events') as cut`),

  incidents: (): Promise<Told[]> =>
    db.many<Told>(sql`
      select subject ->> 'name' as name, subject ->> 'kind' as kind, state, outcome, action, opened_at is not null as seen
        from agent_manager.incident where cluster_id = ${cluster} and opened_at is not null and merged_into is null`),

  unfinished: async (): Promise<number> => {
    const { runs } = await db.one<{ runs: number }>(sql`
      select count(*) as runs from orchestrator_service.run
       where incident ->> 'cluster_id' = ${cluster} and status not in ('done', 'failed', 'cancelled')`);
    return runs;
  },

  /** Messages that have not left, of all services. */
  waiting: async (): Promise<number> => {
    const { messages } = await db.one<{ messages: number }>(sql`
      select (select count(*) from agent_manager.outbox) + (select count(*) from orchestrator_service.outbox)
           + (select count(*) from reasoning_service.outbox) as messages`);
    return messages;
  },
});

/** The accounts of one cluster. */
export type Accounts = ReturnType<typeof createAccounts>;
