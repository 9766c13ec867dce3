import type { Logger } from '../log/index.ts';
import { inTrace } from '../tracing/index.ts';

export type Loop = { stop(): Promise<void>; poke(): void };

/** Runs `run` now and every `every` ms, never twice at once; `poke` runs it as soon as the current round ends. */
export function startLoop({
  name,
  every,
  run,
  log,
}: {
  name: string;
  every: number;
  run: () => Promise<void>;
  log: Logger;
}): Loop {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let again = false;
  let current: Promise<void> = Promise.resolve();

  const round = async () => {
    do {
      again = false;
      await run().catch((err: unknown) => log.error({ err, loop: name }, 'a round of a loop failed'));
    } while (again && !stopped);
  };
  let busy = false;
  const turn = () => {
    if (busy) {
      // A poke during a round must not be lost: the round may already have read what the poke is about.
      again = true;
      return;
    }
    busy = true;
    clearTimeout(timer);
    // A poke comes from somebody's trace; what a round does belongs to others as well.
    current = inTrace(undefined, round).finally(() => {
      busy = false;
      if (!stopped) timer = setTimeout(turn, every);
    });
  };
  turn();
  return {
    poke: () => {
      if (!stopped) turn();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
