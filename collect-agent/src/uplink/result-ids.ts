import type { CommandResult } from '@aetherius/shared/contracts';

const REMEMBERED = 1_000;

/**
 * Message ids of results. `<command_id>:result` for the first answer, so that sending it again is one message; a command
 * that is carried out again later has a new answer, which the bus must not take for a copy of the first.
 */
export function createResultIds(): { next: (result: Pick<CommandResult, 'command_id' | 'status'>) => string } {
  const answers = new Map<string, number>();
  return {
    next: ({ command_id, status }) => {
      // "Unknown" invites the same command again, perhaps to another replica, whose answer then has to get through.
      if (status === 'unknown') return `${command_id}:result:unknown`;
      const count = (answers.get(command_id) ?? 0) + 1;
      answers.delete(command_id);
      answers.set(command_id, count);
      const [oldest] = answers.keys();
      if (answers.size > REMEMBERED && oldest !== undefined) answers.delete(oldest);
      return count === 1 ? `${command_id}:result` : `${command_id}:result:${count}`;
    },
  };
}
