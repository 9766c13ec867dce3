/** What is known of the steps of a bench: the rows of the engine, and how often the agent was asked under each command's id. */
export type Steps = {
  expected: number;
  done: readonly { correlation_id: string; attempt: number }[];
  asked: ReadonlyMap<string, number>;
};

/** An attempt has its number at the end of its id. */
const stepOf = (id: string): string => id.replace(/@\d+$/, '');

type Account = { steps_lost: number; steps_doubled: number; requests_repeated: number };

/**
 * Compares what the engine wrote with what the agent was asked.
 * Lost: a step that is not done, or that is done without the agent having been asked. Doubled: a step that the engine began
 * once more, as a new attempt under another id, or a command that no step wanted. Repeated: a request that was sent again
 * under its own id, as when a replica dies between asking and noting that it has asked; an agent takes an id that is under
 * way once, and a change leaves the id on what it changed, so that a repeated request changes nothing again.
 */
export function accountOf({ expected, done, asked }: Steps): Account {
  const heard = done.filter(({ correlation_id }) => asked.has(correlation_id)).length;
  const wanted = new Set(done.map(({ correlation_id }) => stepOf(correlation_id)));
  const unwanted = [...asked.keys()].filter((id) => !wanted.has(stepOf(id))).length;
  const attempts = done.reduce((sum, { attempt }) => sum + attempt - 1, 0);
  const repeated = [...asked.values()].reduce((sum, times) => sum + times - 1, 0);
  return { steps_lost: expected - heard, steps_doubled: unwanted + attempts, requests_repeated: repeated };
}
