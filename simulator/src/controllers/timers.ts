/** Delayed and repeated work whose delays are shortened by the simulator's speed. */
export type Timers = {
  after(seconds: number, run: () => void): () => void;
  every(seconds: number, run: () => void): () => void;
  /** Timers that can be stopped by themselves and stop with these. */
  scope(): Timers;
  stop(): void;
};

/** Timers that can all be cleared at once, so that nothing runs after the cluster has stopped. */
export function createTimers({ speed }: { speed: number }): Timers {
  const cancels = new Set<() => void>();
  let stopped = false;

  function keep(cancel: () => void): () => void {
    const drop = () => {
      cancel();
      cancels.delete(drop);
    };
    cancels.add(drop);
    return drop;
  }

  function after(seconds: number, run: () => void): () => void {
    if (stopped) return () => undefined;
    const start = () => {
      drop();
      run();
    };
    const timer = setTimeout(start, (seconds * 1000) / speed);
    const drop = keep(() => clearTimeout(timer));
    return drop;
  }

  return Object.freeze({
    after,
    every(seconds: number, run: () => void): () => void {
      let cancel = after(seconds, beat);
      function beat(): void {
        cancel = after(seconds, beat);
        run();
      }
      return () => cancel();
    },
    scope(): Timers {
      const inner = createTimers({ speed });
      const drop = keep(inner.stop);
      return { ...inner, stop: drop };
    },
    stop(): void {
      stopped = true;
      for (const cancel of [...cancels]) cancel();
    },
  });
}
