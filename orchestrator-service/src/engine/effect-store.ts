import { Bundle, channels, type Feedback, type RunProgress } from '@aetherius/shared/contracts';
import { enqueueAll, type Outgoing, sql, type Tx } from '@aetherius/shared/postgres';
import { withFetched } from '../evidence/with-fetched.ts';
import type { ApprovalRequest, Effect } from './effect.ts';
import type { Progress } from './progress.ts';
import type { RunRow } from './run.ts';
import { commandSubject } from './steps/command-order.ts';

type Told = { progress: Progress; now: string };
type Carrying = { run: RunRow; newId: () => string; notify: boolean };

export type EffectStore = ReturnType<typeof createEffectStore>;

/** Carries effects into the transaction of the steps that want them. `notify`: whether a channel is set. */
export function createEffectStore({ newId, notify }: { newId: () => string; notify: boolean }) {
  return {
    /** Answers with what has to leave through the outbox. */
    carryOut: async (tx: Tx, run: RunRow, effects: readonly Effect[]): Promise<Outgoing[]> => {
      const outgoing: Outgoing[] = [];
      for (const effect of effects) outgoing.push(...(await carryOut(tx, { run, newId, notify }, effect)));
      return outgoing;
    },
    /** The end of a run that no advance brought about. */
    end: async (tx: Tx, run: RunRow, told: Told): Promise<void> => {
      const { progress_revision: revision } = await tx.one<{ progress_revision: number }>(
        sql`update run set progress_revision = progress_revision + 1 where id = ${run.id} returning progress_revision`,
      );
      const standing = tells(run, told.progress) ? progressMessage(run, { ...told, revision }) : [];
      await closeApprovals(tx, [run.id]);
      await enqueueAll(tx, [...standing, ...lesson(run, told)]);
    },
  };
}

/** Whether the manager hears of a run's progress: one that a person started by hand answers no incident of the manager's. */
export const tells = (run: RunRow, { phase }: Progress): boolean =>
  phase !== null && !run.trigger_key.startsWith('manual:');

/** How a run stands, for the manager. */
export function progressMessage(run: RunRow, { progress, now, revision }: Told & { revision: number }): Outgoing[] {
  if (progress.phase === null) return [];
  const { id: incident_id, episode } = run.incident;
  const about = { incident_id, episode, run_id: run.id, revision };
  const body: RunProgress = { ...about, ...progress, phase: progress.phase, at: now };
  return [{ subject: channels.progress.pattern, body }];
}

/** Nothing of runs that ended is left to be decided. */
export const closeApprovals = async (tx: Tx, runIds: readonly string[]): Promise<void> => {
  if (runIds.length === 0) return;
  await tx.run(sql`update approval set status = 'closed' where run_id = any(${[...runIds]}) and status = 'pending'`);
};

/** What a run came to, for those who learn from it. */
export const lesson = (run: RunRow, { progress, now }: Told): Outgoing[] => {
  if (progress.outcome === null || progress.diagnosis === null) return [];
  const { diagnosis, action, outcome } = progress;
  const body: Feedback = {
    id: `run:${run.id}`,
    incident_id: run.incident.id,
    source: 'run',
    category: diagnosis.category,
    action,
    outcome,
    comment: progress.note,
    diagnosis,
    at: now,
  };
  return [{ subject: channels.feedback.pattern, body }];
};

async function carryOut(tx: Tx, { run, newId, notify }: Carrying, effect: Effect): Promise<Outgoing[]> {
  switch (effect.kind) {
    case 'command':
      return [{ subject: commandSubject(effect.command), body: effect.command, deadline: new Date(effect.until) }];
    case 'question': {
      const body = { ...effect.question, bundle: withFetched(await bundleOf(tx, run), effect.fetched) };
      return [{ subject: channels.question.pattern, body }];
    }
    case 'approval':
      await insertApproval(tx, { id: newId(), run_id: run.id, request: effect.request });
      return [];
    case 'notification': {
      const status = notify ? 'pending' : 'recorded';
      await tx.run(sql`
        insert into notification (id, run_id, path, severity, message, status)
        values (${newId()}, ${run.id}, ${effect.path}, ${effect.severity}, ${effect.message}, ${status})
        on conflict (run_id, path) do nothing`);
      return [];
    }
    case 'write':
      await tx.run(sql`
        insert into write (command_id, run_id, cluster_id, target)
        values (${effect.command_id}, ${run.id}, ${run.incident.cluster_id}, ${effect.target})
        on conflict (command_id) do nothing`);
      return [];
    case 'audit':
      return [{ subject: channels.audit.pattern, body: effect.record }];
  }
}

/** The evidence of a run; without any, reasoning is told so by an empty bundle. */
async function bundleOf(tx: Tx, run: RunRow): Promise<Bundle> {
  const stored = await tx.maybe<{ body: Bundle }>(sql`select body from blob where hash = ${run.bundle_hash}`);
  const { cluster_id, subject } = run.incident;
  return stored?.body ?? Bundle.parse({ cluster: cluster_id, at: run.created_at, subject });
}

const insertApproval = async (
  tx: Tx,
  { id, run_id, request }: { id: string; run_id: string; request: ApprovalRequest },
): Promise<void> => {
  await tx.run(sql`
    insert into approval (id, run_id, path, message, requester, action, target, parameters, before, after, plan_hash, status, expires_at)
    values (${id}, ${run_id}, ${request.path}, ${request.message}, ${request.requester}, ${request.action}, ${request.target},
            ${request.parameters}, ${sql.json(request.before)}::jsonb, ${sql.json(request.after)}::jsonb, ${request.plan_hash},
            'pending', ${request.expires_at})
    on conflict (run_id, path) do nothing`);
};
