import { Command, readOnlyActions, seconds } from '@aetherius/shared/contracts';
import { type Db, enqueueRequest, sql, type Tx, withTransaction } from '@aetherius/shared/postgres';
import { complete } from '../engine/answer-store.ts';
import { controlStore } from '../engine/control-store.ts';
import { commandSubject } from '../engine/steps/command-order.ts';
import { type KillSwitch, killSwitchStore } from './kill-switch-store.ts';

type Needs = { db: Db; newId: () => string };
type Wanted = { engaged: boolean; reason: string | null; by: string };

/** An agent that is away this long is told nothing; the orchestrator itself sends no write while the switch is on. */
const TOLD_WITHIN = '60s';

/**
 * Forbids every change, or allows changes again.
 * 1. The switch is set, and each known cluster's agent is told: a write that is on its way meets the agent's own switch.
 * 2. Writes that have not left yet are withdrawn, each as its own transaction, and their steps told that they were refused.
 */
export async function throwSwitch({ db, newId }: Needs, wanted: Wanted): Promise<KillSwitch> {
  const state = await withTransaction(db, async (tx) => {
    const now = await killSwitchStore.set(tx, wanted);
    const action = wanted.engaged ? 'kill_switch.engage' : 'kill_switch.release';
    await controlStore.audit(tx, { id: newId(), at: now.changed_at, actor: wanted.by, action, target: 'fleet' });
    await tellAgents(tx, { newId, engaged: wanted.engaged, at: now.changed_at });
    return now;
  });
  if (wanted.engaged) await withdrawWrites(db);
  return state;
}

type Telling = { newId: () => string; engaged: boolean; at: string };

async function tellAgents(tx: Tx, { newId, engaged, at }: Telling): Promise<void> {
  const clusters = await tx.many<{ id: string }>(sql`select distinct incident ->> 'cluster_id' as id from run`);
  for (const { id: cluster } of clusters) {
    const command = Command.parse({
      id: `kill-switch:${newId()}`,
      cluster_id: cluster,
      issuer: 'orchestrator',
      action: 'configure',
      target: { api_version: 'v1', kind: 'Namespace', namespace: null, name: 'aetherius-agent', uid: null },
      parameters: { kill_switch: engaged ? 'on' : 'off' },
      expires_in: TOLD_WITHIN,
    });
    const deadline = new Date(Date.parse(at) + seconds(TOLD_WITHIN) * 1000);
    await enqueueRequest(tx, { subject: commandSubject(command), body: command, deadline });
  }
}

/** A row that the relay is just sending is skipped: its command meets the agent's switch. */
async function withdrawWrites(db: Db): Promise<void> {
  const unsent = await db.many<{ id: string }>(sql`
    select id from outbox
    where kind = 'request' and body ->> 'dry_run' = 'false' and not body ->> 'action' = any(${harmless})`);
  for (const { id } of unsent) {
    await withTransaction(db, async (tx) => {
      const row = await tx.maybe<{ command_id: string }>(sql`
        delete from outbox where id in (select id from outbox where id = ${id} for update skip locked)
        returning body ->> 'id' as command_id`);
      if (row === undefined) return;
      await complete(tx, { correlation_id: row.command_id, answer: { kind: 'refused', reason: 'kill_switch' } });
    });
  }
}

const harmless = [...readOnlyActions, 'configure'];
