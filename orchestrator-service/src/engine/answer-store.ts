import { channels } from '@aetherius/shared/contracts';
import { enqueue, sql, type Tx } from '@aetherius/shared/postgres';
import type { Answer } from './journal.ts';

export type Completed = 'taken' | 'late' | 'not_ours';

/** Run and path that an id speaks of; `@n` marks a read that was asked again. */
function placeOf(correlationId: string): { run_id: string; path: string } | undefined {
  const [, run_id, path] = /^([^:]+):(.+?)(?:@\d+)?$/.exec(correlationId) ?? [];
  return run_id === undefined || path === undefined ? undefined : { run_id, path };
}

/**
 * Hands an answer to the step that waits for it. The run is locked first, in the order in which an advance locks, and
 * gets a new revision: an advance under way loses its fence and plans again with the answer. Only what is open changes;
 * a paused run keeps the answer without being woken.
 */
export async function complete(
  tx: Tx,
  { correlation_id, answer }: { correlation_id: string; answer: Answer },
): Promise<Completed> {
  const place = placeOf(correlation_id);
  if (place === undefined) return 'not_ours';
  const run = await tx.maybe<{ status: string }>(sql`select status from run where id = ${place.run_id} for update`);
  if (run === undefined) return 'not_ours';
  const open = ['ready', 'running', 'waiting', 'paused'].includes(run.status);
  const taken =
    open &&
    (await tx.run(sql`
      update step set answer = ${answer}
      where run_id = ${place.run_id} and correlation_id = ${correlation_id} and status = 'started' and answer is null`)) ===
      1;
  if (!taken) {
    if (answer.kind === 'result' || answer.kind === 'diagnosis') await keepLate(tx, { place, correlation_id, answer });
    return 'late';
  }
  await wake(tx, place.run_id);
  return 'taken';
}

/** Makes a run due; a paused one stays paused. */
export const wake = (tx: Tx, runId: string): Promise<number> =>
  tx.run(sql`
    update run set status = 'ready', wake_at = now(), revision = revision + 1, lease_owner = null
    where id = ${runId} and status in ('ready', 'running', 'waiting')`);

type Late = { place: { run_id: string; path: string }; correlation_id: string; answer: Answer };

/** What came after its step was settled changes nothing, but somebody may have to know that it happened. */
async function keepLate(tx: Tx, { place, correlation_id, answer }: Late): Promise<void> {
  const step = await tx.maybe<{ now: string }>(sql`
    update step set late_result = ${answer} where run_id = ${place.run_id} and path = ${place.path} returning now() as now`);
  if (step === undefined) return;
  await enqueue(tx, {
    subject: channels.audit.pattern,
    body: {
      id: `${correlation_id}:late`,
      at: step.now,
      service: 'orchestrator-service',
      actor: 'orchestrator',
      action: 'late_result',
      target: correlation_id,
      outcome: 'done',
      details: { kind: answer.kind, status: answer.kind === 'result' ? answer.result.status : answer.kind },
    },
  });
}
