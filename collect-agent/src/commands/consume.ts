import { agentSubject, Command, type CommandReply } from '@aetherius/shared/contracts';
import type { Nats } from '@aetherius/shared/nats';
import { sleep } from '@aetherius/shared/service';
import { z } from 'zod';
import { createExecution, type ExecutionNeeds } from './execution.ts';

type Needs = ExecutionNeeds & { nats: Pick<Nats, 'listen'> };
export type CommandConsumer = { running: () => number; stop: () => Promise<void> };

/** Commands under way at most; observations wait for minutes, so this is far above what is ever busy at once. */
const MOST_RUNNING = 200;
const UNSUBSCRIBE_MS = 1_000;

/**
 * Hears this cluster's commands until it is stopped, which is for as long as this agent leads.
 * 1. Every command is answered at once; one that is under way already is accepted again.
 * 2. Every accepted command has one result: done, failed, refused after all, or unknown.
 * 3. Stopping unsubscribes first, then nothing is written any more, then what is under way is answered with unknown.
 */
export function consumeCommands({ nats, ...needs }: Needs): CommandConsumer {
  const { cluster, leading, log } = needs;
  const execution = createExecution(needs);
  let leaving = false;
  const answer = (body: unknown): CommandReply => {
    const parsed = Command.safeParse(body);
    if (!parsed.success) return reply(idIn(body), `invalid_command: ${z.prettifyError(parsed.error)}`);
    const command = parsed.data;
    if (execution.isRunning(command.id)) return reply(command.id);
    const reason = execution.running() >= MOST_RUNNING ? 'too_many_commands' : execution.refusal(command);
    log.info({ command_id: command.id, action: command.action, reason }, 'command received');
    if (reason === undefined) execution.begin(command);
    return reply(command.id, reason);
  };
  const subscription = nats.listen(agentSubject(cluster, 'command'), z.unknown(), async (body) =>
    leaving || !leading() ? undefined : answer(body),
  );
  const leave = async () => {
    leaving = true;
    const unsubscribed = subscription.stop();
    await execution.leave();
    // With the bus away an unsubscription is confirmed only when it is back, and a stop must end.
    await Promise.race([unsubscribed, sleep(UNSUBSCRIBE_MS)]);
  };
  let left: Promise<void> | undefined;
  return {
    running: execution.running,
    stop: () => {
      left ??= leave();
      return left;
    },
  };
}

const reply = (id: string, reason?: string): CommandReply => ({
  command_id: id,
  status: reason === undefined ? 'accepted' : 'refused',
  reason: reason ?? null,
});

const idIn = (body: unknown): string => {
  const id: unknown = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined;
  return typeof id === 'string' ? id : '';
};
