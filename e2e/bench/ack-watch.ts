import type { Nats } from '@aetherius/shared/nats';
import { sleep } from '@aetherius/shared/service';

/** How often the bus is asked how far the consumer has come: the error of each latency, always to its disadvantage. */
const EVERY_MS = 10;

/**
 * How far a consumer has come on its stream, over time. It acknowledges a message after the commit that stored it, so the
 * moment in which its floor reaches a message is one in which that message is stored for certain.
 */
export type AckWatch = {
  floor(): number;
  /** When this message was first seen to be stored, or undefined when it was not. */
  reachedAt(seq: number): number | undefined;
  /** Resolves with the moment in which the floor reached a message; fails when that takes longer. */
  reach(seq: number, withinMs: number): Promise<number>;
  stop(): Promise<void>;
};

type Watching = { bus: Nats; stream: string; consumer: string; signal: AbortSignal };

/** Begins to watch a consumer. */
export async function watchAcks({ bus, stream, consumer, signal }: Watching): Promise<AckWatch> {
  const manager = await bus.manager();
  const times: number[] = [];
  const floors: number[] = [];
  let stopped = false;
  const floor = () => floors.at(-1) ?? 0;
  const running = (async () => {
    while (!stopped && !signal.aborted) {
      // A bus under load may answer late: what was stored meanwhile is seen at the next look, and counts as stored then.
      const info = await manager.consumers.info(stream, consumer).catch(() => undefined);
      if (info !== undefined && info.ack_floor.stream_seq > floor()) {
        times.push(Date.now());
        floors.push(info.ack_floor.stream_seq);
      }
      await sleep(EVERY_MS, signal);
    }
  })();
  return {
    floor,
    reachedAt: (seq) => times[firstNotBelow(floors, seq)],
    reach: async (seq, withinMs) => {
      for (const end = Date.now() + withinMs; Date.now() < end; await sleep(EVERY_MS, signal)) {
        const at = times[firstNotBelow(floors, seq)];
        if (at !== undefined) return at;
        signal.throwIfAborted();
      }
      throw new Error(
        `${consumer} is at message ${floor()} of ${stream} and did not reach ${seq} within ${withinMs / 1000} s`,
      );
    },
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

/** The first place of an ascending list whose value is not below the wanted one; its length when there is none. */
function firstNotBelow(ascending: readonly number[], wanted: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
