import { Command, readOnlyActions, seconds } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { type Db, enqueueRequest, sql, type Tx, withTransaction } from '@aetherius/shared/postgres';
import { complete } from '../engine/answer-store.ts';
import { controlStore } from '../engine/control-store.ts';
import { commandSubject } from '../engine/steps/command-order.ts';
import { type KillSwitch, killSwitchStore } from './kill-switch-store.ts';

type Needs = { db: Db; newId: () => string; log: Logger };
type Wanted = { engaged: boolean; reason: string | null; by: string };

/** An agent that is away this long is told nothing; the orchestrator itself sends no write while the switch is on. */
const TOLD_WITHIN = '60s';
const ID_PREFIX = 'kill-switch:';

/**
 * Forbids every change, or allows changes again.
 * 1. The switch is committed first and alone: nothing that comes after it can take it back.
 * 2. Each known cluster's agent is told: a write that is on its way meets the agent's own switch.
 * 3. Writes that have not left yet are withdrawn, each as its own transaction, and their steps told that they were refused.
 */
export async function throwSwitch(needs: Needs, wanted: Wanted): Promise<KillSwitch> {
  const { db, newId, log } = needs;
  const state = await withTransaction(db, async (tx) => {
    const now = await killSwitchStore.set(tx, wanted);
    const action = wanted.engaged ? 'kill_switch.engage' : 'kill_switch.release';
    await controlStore.audit(tx, { id: newId(), at: now.changed_at, actor: wanted.by, action, target: 'fleet' });
    return now;
  });
  const told = withTransaction(db, (tx) => tellAgents(tx, needs)).catch((err: unknown) =>
    log.error({ err }, 'the agents could not be told of the kill switch'),
  );
  // Telling may wait for the relay; what has not left yet is withdrawn meanwhile.
  await Promise.all([told, wanted.engaged ? withdrawWrites(db) : undefined]);
  return state;
}

const TELLING_LOCK = 'orchestrator:kill-switch';

/**
 * Tells how the switch stands now, one telling after the other: of two toggles at once both tell the later state. What an
 * earlier one left unsent is taken back, after the relay is through with it, so that no message overtakes another.
 */
async function tellAgents(tx: Tx, { newId, log }: Needs): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtext(${TELLING_LOCK}))`);
  await tx.run(sql`delete from outbox where kind = 'request' and starts_with(body ->> 'id', ${ID_PREFIX})`);
  const { engaged, changed_at } = await killSwitchStore.read(tx);
  const deadline = new Date(Date.parse(changed_at) + seconds(TOLD_WITHIN) * 1000);
  const clusters = await tx.many<{ id: string }>(sql`select distinct incident ->> 'cluster_id' as id from run`);
  for (const { id: cluster } of clusters) {
    const command = tellingOf({ id: `${ID_PREFIX}${newId()}`, cluster, engaged });
    if (command === undefined) log.warn({ cluster_id: cluster }, 'no agent can have this cluster id');
    else await enqueueRequest(tx, { subject: commandSubject(command), body: command, deadline });
  }
}

const tellingOf = ({ id, cluster, engaged }: { id: string; cluster: string; engaged: boolean }): Command | undefined =>
  Command.safeParse({
    id,
    cluster_id: cluster,
    issuer: 'orchestrator',
    action: 'configure',
    target: { api_version: 'v1', kind: 'Namespace', namespace: null, name: 'aetherius-agent', uid: null },
    parameters: { kill_switch: engaged ? 'on' : 'off' },
    expires_in: TOLD_WITHIN,
  }).data;

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
