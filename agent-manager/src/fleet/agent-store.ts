import type { Register } from '@aetherius/shared/contracts';
import { type Db, sql, withTransaction } from '@aetherius/shared/postgres';

/** One row of the agent table. */
export type AgentRow = {
  id: string;
  cluster_id: string;
  version: string | null;
  started_at: string | null;
  capabilities: string[];
  changes_allowed: boolean;
  registered_at: string | null;
  last_seen_at: string | null;
};
/** A cluster with what its page shows beside its agents. */
export type ClusterRow = {
  id: string;
  display_name: string | null;
  kubernetes_version: string | null;
  first_seen_at: string;
  last_event_at: string | null;
  revoked_at: string | null;
  open_incidents: number;
  silent: boolean;
};
export type Seen = { agent_id: string; cluster_id: string; at: string };

const clusters = sql`
  select cluster.*,
         (select count(*)::int from incident where incident.cluster_id = cluster.id and closed_at is null and opened_at is not null and merged_into is null) as open_incidents,
         exists (select 1 from incident where fingerprint = cluster.id || '/_/Cluster/' || cluster.id and closed_at is null
                    and opened_at is not null and last_seen_at >= coalesce(last_clear_at, last_seen_at)) as silent
    from cluster`;

/** All that is kept about agents and clusters. */
export type AgentStore = ReturnType<typeof createAgentStore>;

export const createAgentStore = (db: Db) => ({
  register: (agent: Register, at: Date): Promise<void> =>
    withTransaction(db, async (tx) => {
      await tx.run(sql`
        insert into cluster (id, display_name, kubernetes_version) values (${agent.cluster_id}, ${agent.display_name}, ${agent.kubernetes_version})
        on conflict (id) do update set display_name = coalesce(excluded.display_name, cluster.display_name),
          kubernetes_version = coalesce(excluded.kubernetes_version, cluster.kubernetes_version)`);
      await tx.run(sql`
        insert into agent (id, cluster_id, version, started_at, capabilities, changes_allowed, registered_at, last_seen_at)
        values (${agent.agent_id}, ${agent.cluster_id}, ${agent.version}, ${agent.started_at}, ${agent.capabilities}::text[], ${agent.changes_allowed}, ${at}, ${at})
        on conflict (cluster_id, id) do update set version = excluded.version, started_at = excluded.started_at, capabilities = excluded.capabilities,
          changes_allowed = excluded.changes_allowed, registered_at = excluded.registered_at, last_seen_at = excluded.last_seen_at`);
    }),

  /** Keeps a round of signs of life, also of agents whose registration went astray. */
  keepSeen: (seen: readonly Seen[]): Promise<void> =>
    withTransaction(db, async (tx) => {
      if (seen.length === 0) return;
      const rows = sql`jsonb_to_recordset(${sql.json(seen)}::jsonb) as s (agent_id text, cluster_id text, at timestamptz)`;
      await tx.run(
        sql`insert into cluster (id) select distinct cluster_id from ${rows} order by 1 on conflict do nothing`,
      );
      await tx.run(sql`
        insert into agent (id, cluster_id, last_seen_at) select agent_id, cluster_id, at from ${rows} order by 2, 1
        on conflict (cluster_id, id) do update set last_seen_at = greatest(agent.last_seen_at, excluded.last_seen_at)`);
    }),

  agents: (): Promise<AgentRow[]> => db.many<AgentRow>(sql`select * from agent order by id, cluster_id`),
  agent: (id: string): Promise<AgentRow | undefined> =>
    db.maybe<AgentRow>(sql`select * from agent where id = ${id} order by cluster_id limit 1`),
  agentsOf: (cluster: string): Promise<AgentRow[]> =>
    db.many<AgentRow>(sql`select * from agent where cluster_id = ${cluster} order by id`),
  /** Lets go of these, unless one was heard again meanwhile. */
  forget: (agents: readonly { id: string; cluster_id: string }[], before: Date): Promise<number> =>
    db.run(sql`
      delete from agent using jsonb_to_recordset(${sql.json(agents)}::jsonb) as gone (id text, cluster_id text)
       where agent.id = gone.id and agent.cluster_id = gone.cluster_id and agent.last_seen_at < ${before}`),
  revoked: async (): Promise<Set<string>> =>
    new Set(
      (await db.many<{ id: string }>(sql`select id from cluster where revoked_at is not null`)).map(({ id }) => id),
    ),
  remove: async (id: string): Promise<boolean> => (await db.run(sql`delete from agent where id = ${id}`)) > 0,

  clusters: (): Promise<ClusterRow[]> => db.many<ClusterRow>(sql`${clusters} order by id`),
  cluster: (id: string): Promise<ClusterRow | undefined> => db.maybe<ClusterRow>(sql`${clusters} where id = ${id}`),
});
