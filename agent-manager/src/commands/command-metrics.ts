import { CommandReply } from '@aetherius/shared/contracts';
import { Counter, type Registry } from '@aetherius/shared/metrics';
import type { RequestOutcome } from '@aetherius/shared/postgres';
import type { Commands } from './commands.ts';

type Answered = Pick<Commands, 'onReply' | 'onResult'>;

const statuses = ['done', 'failed', 'refused', 'unknown', 'offline'] as const;

/** The same answers, counted by what came of people's commands. */
export function countedCommands({ onReply, onResult }: Answered, metrics: Registry): Answered {
  const total = new Counter({
    name: 'aetherius_manager_command_answers_total',
    help: 'Commands of people by what agents said of them at the end',
    labelNames: ['status'],
    registers: [metrics],
  });
  for (const status of statuses) total.inc({ status }, 0);
  return {
    onReply: async (tx, row, outcome) => {
      await onReply(tx, row, outcome);
      const status = endIn(outcome);
      if (status !== undefined) total.inc({ status });
    },
    onResult: async (message) => {
      await onResult(message);
      if (message.body.issuer === 'manager') total.inc({ status: message.body.status });
    },
  };
}

/** An agent that accepts a command has more to say; whatever else it answers at once is the end. */
function endIn(outcome: RequestOutcome): (typeof statuses)[number] | undefined {
  if (outcome.status === 'offline') return 'offline';
  return CommandReply.safeParse(outcome.reply).data?.status === 'accepted' ? undefined : 'refused';
}
