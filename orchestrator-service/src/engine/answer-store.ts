import { channels } from '@aetherius/shared/contracts';
import { enqueue, sql, type Tx } from '@aetherius/shared/postgres';
import type { Answer } from './journal.ts';
import type { RunStatus } from './run.ts';
import { lockRuns } from './run-store.ts';

export type Completed = 'taken' | 'late' | 'not_ours';

/** Run and path that an id speaks of; `@n` marks a read that was asked again. */
function placeOf(correlationId: string): { run_id: string; path: string } | undefined {
  const [, run_id, path] = /^([^:]+):(.+?)(?:@\d+)?$/.exec(correlationId) ?? [];
  return run_id === undefined || path === undefined ? undefined : { run_id, path };
}

/** The run that an id speaks of. */
export const runOf = (correlationId: string): string | undefined => placeOf(correlationId)?.run_id;

export type Reply = { correlation_id: string; answer: Answer };
type Placed = Reply & { place: { run_id: string; path: string } };

/** Hands one answer to the step that waits for it. */
export async function complete(tx: Tx, reply: Reply): Promise<Completed> {
  const completed = await completeAll(tx, [reply]);
  return completed.get(reply.correlation_id) ?? 'not_ours';
}

/**
 * Hands answers to the steps that wait for them. The runs are locked first, in the order in which an advance locks, and
 * get a new revision: an advance under way loses its fence and plans again with the answer. Only what is open changes;
 * a paused run keeps the answer without being woken. Of two answers for one step the first counts, the other comes late.
 */
export async function completeAll(tx: Tx, replies: readonly Reply[]): Promise<Map<string, Completed>> {
  if (replies.length === 0) return new Map();
  const firsts = new Map(replies.toReversed().map((reply) => [reply.correlation_id, reply]));
  const seconds = replies.filter((reply) => firsts.get(reply.correlation_id) !== reply);
  const all = [...firsts.values()].flatMap((reply) => {
    const place = placeOf(reply.correlation_id);
    return place === undefined ? [] : [{ ...reply, place }];
  });
  const ids = [...new Set(all.map(({ place }) => place.run_id))];
  const runs = new Map((await lockRuns(tx, ids)).map(({ id, status }) => [id, status]));
  const ours = all.filter(({ place }) => runs.has(place.run_id));
  const open = ours.filter(({ place }) => isOpen(runs.get(place.run_id)));
  const taken = await takeAnswers(tx, open);
  await wakeAll(tx, [...new Set(open.filter((one) => taken.has(one.correlation_id)).map(({ place }) => place.run_id))]);
  for (const one of ours) if (!taken.has(one.correlation_id)) await keepLate(tx, one);
  await completeAll(tx, seconds);
  return new Map(
    ours.map(({ correlation_id }) => [correlation_id, taken.has(correlation_id) ? 'taken' : 'late'] as const),
  );
}

const isOpen = (status: RunStatus | undefined): boolean =>
  status !== undefined && ['ready', 'running', 'waiting', 'paused'].includes(status);

async function takeAnswers(tx: Tx, replies: readonly Placed[]): Promise<Set<string>> {
  if (replies.length === 0) return new Set();
  const rows = replies.map(({ correlation_id, answer, place }) => ({ correlation_id, answer, run_id: place.run_id }));
  const taken = await tx.many<{ correlation_id: string }>(sql`
    update step set answer = new.answer
    from jsonb_to_recordset(${sql.json(rows)}::jsonb) as new (run_id text, correlation_id text, answer jsonb)
    where step.run_id = new.run_id and step.correlation_id = new.correlation_id and step.status = 'started' and step.answer is null
    returning step.correlation_id`);
  return new Set(taken.map(({ correlation_id }) => correlation_id));
}

/** Makes a run due; a paused one stays paused. */
export const wake = (tx: Tx, runId: string): Promise<number> => wakeAll(tx, [runId]);

const wakeAll = (tx: Tx, runIds: readonly string[]): Promise<number> =>
  tx.run(sql`
    update run set status = 'ready', wake_at = now(), revision = revision + 1, lease_owner = null
    where id = any(${[...runIds]}) and status in ('ready', 'running', 'waiting')`);

/** What came after its step was settled changes nothing, but somebody may have to know that it happened. */
async function keepLate(tx: Tx, { place, correlation_id, answer }: Placed): Promise<void> {
  if (answer.kind !== 'result' && answer.kind !== 'diagnosis') return;
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
