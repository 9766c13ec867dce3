import { type Db, sql } from '@aetherius/shared/postgres';
import { sleep } from '@aetherius/shared/service';

/** When a run of each target began its first step, in milliseconds since 1970. */
const firstSteps = async (db: Db): Promise<Map<string, number>> =>
  new Map(
    (
      await db.many<{ target: string; at: number }>(sql`
        select target, extract(epoch from min(step.started_at))::float8 * 1000 as at
          from orchestrator_service.run join orchestrator_service.step on step.run_id = run.id group by target`)
    ).map(({ target, at }) => [target, at]),
  );

type Waiting = { db: Db; broke: ReadonlyMap<string, number>; withinMs: number; signal: AbortSignal };

/** How long after each thing broke its run was at work; what has no run when the time is up is counted. */
export async function runDelays({
  db,
  broke,
  withinMs,
  signal,
}: Waiting): Promise<{ delays: number[]; missing: number }> {
  for (const end = Date.now() + withinMs; ; await sleep(500, signal)) {
    const started = await firstSteps(db);
    const delays = [...broke].flatMap(([target, at]) => {
      const began = started.get(target);
      return began === undefined ? [] : [began - at];
    });
    if (delays.length === broke.size || Date.now() > end || signal.aborted)
      return { delays, missing: broke.size - delays.length };
  }
}

/** What the store holds of the agents of a bench. */
export async function storedEvents(db: Db): Promise<{ rows: Map<string, number>; counted: Map<string, number> }> {
  const rows = await db.many<{ id: string; rows: number }>(
    sql`select id, count(*)::int as rows from event where agent_id like 'fleet-%-bench' group by id`,
  );
  const counted = await db.many<{ fingerprint: string; events: number }>(
    // The silence of a cluster is the manager's own saying.
    sql`select fingerprint, sum(events)::int as events from incident
         where fingerprint <> cluster_id || '/_/Cluster/' || cluster_id group by fingerprint`,
  );
  return {
    rows: new Map(rows.map((row) => [row.id, row.rows])),
    counted: new Map(counted.map((row) => [row.fingerprint, row.events])),
  };
}
