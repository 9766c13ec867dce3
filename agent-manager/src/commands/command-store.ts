import type { CommandReply, CommandResult, JsonObject, ObjectRef } from '@aetherius/shared/contracts';
import type { Place } from '@aetherius/shared/http';
import { type Db, type Query, sql, type Tx } from '@aetherius/shared/postgres';

/** Where a command stands: on its way, answered by the agent, or ended. */
export const commandStates = ['sent', 'accepted', 'refused', 'offline', 'done', 'failed', 'unknown'] as const;

/** A command of a person, without its result. */
export type CommandRow = {
  id: string;
  cluster_id: string;
  action: string;
  target: ObjectRef;
  parameters: JsonObject;
  expires_in: string;
  requested_by: string;
  status: (typeof commandStates)[number];
  reason: string | null;
  created_at: string;
  updated_at: string;
};
type NewRow = Pick<
  CommandRow,
  'id' | 'cluster_id' | 'action' | 'target' | 'parameters' | 'expires_in' | 'requested_by'
>;
type ResultRow = Pick<CommandRow, 'cluster_id' | 'status' | 'reason'> & {
  command_id: string;
  result: CommandResult | null;
};
export type CommandFilter = { cluster_id?: string | undefined; status?: string | undefined };

const columns = sql`id, cluster_id, action, target, parameters, expires_in, requested_by, status, reason, created_at, updated_at`;

/** All that is kept about commands of people. */
export type CommandStore = ReturnType<typeof createCommandStore>;

export const createCommandStore = (db: Db) => ({
  clusterExists: async (cluster: string): Promise<boolean> =>
    (await db.maybe(sql`select 1 from cluster where id = ${cluster}`)) !== undefined,

  create: (tx: Tx, command: NewRow): Promise<CommandRow> =>
    tx.one<CommandRow>(sql`
      insert into command (id, cluster_id, action, target, parameters, expires_in, requested_by, status)
      values (${command.id}, ${command.cluster_id}, ${command.action}, ${command.target}, ${command.parameters},
              ${command.expires_in}::interval, ${command.requested_by}, 'sent') returning ${columns}`),

  /** What the agent said at once; a result that came first is not undone. */
  answered: (
    tx: Tx,
    id: string,
    answer: { status: CommandReply['status'] | 'offline'; reason: string | null },
  ): Promise<number> =>
    tx.run(
      sql`update command set status = ${answer.status}, reason = ${answer.reason}, updated_at = now() where id = ${id} and status = 'sent'`,
    ),

  /** What came of it; only the first result counts, and only from the cluster that was asked. */
  finished: (result: CommandResult): Promise<number> =>
    db.run(sql`
      update command set status = ${result.status}, reason = ${result.reason}, result = ${result}, updated_at = now()
       where id = ${result.command_id} and cluster_id = ${result.cluster_id} and result is null`),

  /** Ends what was never answered: nobody knows what came of it. */
  expire: (): Promise<number> =>
    db.run(sql`
      update command set status = 'unknown', reason = 'no result came in time', updated_at = now()
       where status in ('sent', 'accepted') and created_at + expires_in + interval '30 seconds' < now()`),

  list: (
    filter: CommandFilter,
    { limit, after }: { limit: number; after: Place | undefined },
  ): Promise<CommandRow[]> => {
    const conditions: Query[] = [];
    if (filter.cluster_id !== undefined) conditions.push(sql`cluster_id = ${filter.cluster_id}`);
    if (filter.status !== undefined) conditions.push(sql`status = ${filter.status}`);
    if (after !== undefined) conditions.push(sql`(created_at, id) < (${after.at}::timestamptz, ${after.id})`);
    return db.many<CommandRow>(
      sql`select ${columns} from command where ${sql.join(conditions, ' and ')} order by created_at desc, id desc limit ${limit}`,
    );
  },

  one: (id: string): Promise<CommandRow | undefined> =>
    db.maybe<CommandRow>(sql`select ${columns} from command where id = ${id}`),
  result: (id: string): Promise<ResultRow | undefined> =>
    db.maybe<ResultRow>(sql`select id as command_id, cluster_id, status, reason, result from command where id = ${id}`),
});
