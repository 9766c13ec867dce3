/** What is known of the steps of a bench: the rows of the engine, and how often the agent was asked under each command's id. */
export type Steps = {
  expected: number;
  done: readonly { correlation_id: string; attempt: number }[];
  asked: ReadonlyMap<string, number>;
};

/**
 * Compares what the engine wrote with what the agent was asked.
 * Lost: a step that is not done, or that is done without the agent having been asked. Doubled: a step that the agent was
 * asked for more than once, be it under the same id or, as a new attempt, under another.
 */
export function accountOf({ expected, done, asked }: Steps): { steps_lost: number; steps_doubled: number } {
  const heard = done.filter(({ correlation_id }) => asked.has(correlation_id)).length;
  const again = [...asked.values()].reduce((sum, times) => sum + times - 1, 0);
  const attempts = done.reduce((sum, { attempt }) => sum + attempt - 1, 0);
  return { steps_lost: expected - heard, steps_doubled: again + attempts };
}
