import {
  agentSubject,
  type Command,
  CommandReply,
  type CommandResult,
  channels,
  clusterOf,
} from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import type { Message } from '@aetherius/shared/nats';
import {
  type Db,
  enqueueRequest,
  type OutboxRow,
  type RequestOutcome,
  type Tx,
  withTransaction,
} from '@aetherius/shared/postgres';
import type { Trail } from '../audit/trail.ts';
import type { CommandRow, CommandStore } from './command-store.ts';
import type { NewCommand } from './new-command.ts';

/** A person waits for the answer: an agent that cannot be reached within this time is offline. */
const REACHED_WITHIN_MS = 5_000;

type Deps = { db: Db; commands: CommandStore; trail: Trail; newId: () => string; now: () => Date };

/** Sends people's questions to agents and keeps what came of them. */
export type Commands = ReturnType<typeof createCommands>;

export const createCommands = ({ db, commands, trail, newId, now }: Deps) => ({
  send: async (asked: NewCommand, actor: string): Promise<CommandRow> => {
    if (!(await commands.clusterExists(asked.cluster_id)))
      throw errors.invalid_input({ fields: [{ field: 'body.cluster_id', message: 'no such cluster is known' }] });
    const id = newId();
    const body: Command = { ...asked, id, issuer: 'manager', expected: null, dry_run: false, traceparent: null };
    return withTransaction(db, async (tx) => {
      const row = await commands.create(tx, { ...asked, id, requested_by: actor });
      const deadline = new Date(now().getTime() + REACHED_WITHIN_MS);
      await enqueueRequest(tx, { subject: agentSubject(asked.cluster_id, 'command'), body, deadline });
      await trail(tx, {
        actor,
        action: `command.${asked.action}`,
        target: `${asked.cluster_id}/${asked.target.kind}/${asked.target.name}`,
        details: { id },
      });
      return row;
    });
  },

  /** The agent's immediate answer, in the transaction that takes the request out of the outbox. */
  onReply: async (tx: Tx, row: OutboxRow, outcome: RequestOutcome): Promise<void> => {
    const { id } = channels.command.body.parse(row.body);
    if (outcome.status === 'offline') {
      await commands.answered(tx, id, { status: 'offline', reason: 'no agent of this cluster answered' });
      return;
    }
    const reply = CommandReply.safeParse(outcome.reply).data;
    await commands.answered(
      tx,
      id,
      reply ?? { status: 'refused', reason: 'the agent gave an answer that cannot be read' },
    );
  },

  /** A result off the stream; the orchestrator's are its own affair. */
  onResult: async ({ subject, body }: Message<CommandResult>): Promise<void> => {
    if (body.issuer !== 'manager') return;
    if (clusterOf(subject) !== body.cluster_id) throw errors.invalid_input({ subject, cluster_id: body.cluster_id });
    await commands.finished(body);
  },
});
