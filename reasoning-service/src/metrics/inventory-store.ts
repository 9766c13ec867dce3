import type { Inventory, Subject } from '@aetherius/shared/contracts';
import { type Db, sql, withTransaction } from '@aetherius/shared/postgres';

/** A workload with what belongs to it. */
export type Workload = { subject: Subject; pods: string[]; services: string[]; nodes: string[] };

/** Takes one part of an inventory; the last part lets go of what no part named. */
export async function takeInventory(db: Db, { cluster_id, at, part, parts, workloads }: Inventory): Promise<void> {
  const rows = workloads.map(({ subject, ...rest }) => ({ ...subject, namespace: subject.namespace ?? '', ...rest }));
  await withTransaction(db, async (tx) => {
    await tx.run(sql`
      insert into workload (cluster_id, kind, namespace, name, pods, services, nodes, told_at)
      select distinct on (kind, namespace, name) ${cluster_id}, kind, namespace, name, pods, services, nodes, ${at}::timestamptz
      from jsonb_to_recordset(${sql.json(rows)}::jsonb)
        as r(kind text, namespace text, name text, pods text[], services text[], nodes text[])
      order by kind, namespace, name
      on conflict (cluster_id, kind, namespace, name) do update set
        pods = excluded.pods, services = excluded.services, nodes = excluded.nodes, told_at = excluded.told_at
      where workload.told_at <= excluded.told_at`);
    if (part === parts)
      await tx.run(sql`delete from workload where cluster_id = ${cluster_id} and told_at < ${at}::timestamptz`);
  });
}

/** Everything that is known of a cluster's workloads. */
export const workloadsOf = async (db: Db, cluster: string): Promise<Workload[]> => {
  const rows = await db.often.many<{ kind: string; namespace: string; name: string } & Omit<Workload, 'subject'>>(
    sql`select kind, namespace, name, pods, services, nodes from workload where cluster_id = ${cluster}`,
  );
  return rows.map(({ kind, namespace, name, ...rest }) => ({
    subject: { kind, namespace: namespace === '' ? null : namespace, name },
    ...rest,
  }));
};
