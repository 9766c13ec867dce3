import type { Tx } from '@aetherius/shared/postgres';
import { type Advanced, type Advancing, apart, commitAll, inTurn, planAll } from './advance-runs.ts';
import { type Reply, runOf } from './answer-store.ts';
import { runStore } from './run-store.ts';

/**
 * Advances the runs that wait for answers in the transaction that takes these: the lock on a run's row stands for its lease,
 * and neither the answer nor the lease is ever written. `left` are answers that go by way of the rows: to runs that do
 * something else than wait, that have killed a runner before or are to be seen alone, and to steps that no longer ask.
 */
export async function advanceAnswered(
  needs: Advancing,
  tx: Tx,
  replies: readonly Reply[],
): Promise<{ kept: Advanced[]; left: readonly Reply[] }> {
  const ids = [...new Set(replies.flatMap(({ correlation_id }) => runOf(correlation_id) ?? []))];
  const waiting = ids.length === 0 ? [] : await runStore.lockWaiting(tx, ids);
  if (waiting.length === 0) return { kept: [], left: replies };
  // Of two answers for one step the first counts.
  const answers = new Map(replies.toReversed().map((reply) => [reply.correlation_id, reply.answer]));
  const { together } = apart(await planAll(needs, tx, waiting, answers));
  const kept = await commitAll(needs, tx, await inTurn(needs, tx, together, answers));
  const heard = new Set(kept.flatMap((one) => one.heard));
  // Deleted when met, so that a second answer for a step is left.
  return { kept, left: replies.filter(({ correlation_id }) => !heard.delete(correlation_id)) };
}
