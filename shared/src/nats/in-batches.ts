import { setImmediate } from 'node:timers/promises';
import { sleep } from '../service/index.ts';

const QUIET_MS = 1_000;

/**
 * What comes, in batches of at most `size`: a lone one at once, a crowd together, and an empty batch when nothing came for a
 * second. What has arrived is never dropped because a timer ran out: on a starved machine it would wait for its redelivery.
 */
export async function* inBatches<T>(coming: AsyncIterable<T>, size: number): AsyncGenerator<T[], void, undefined> {
  const source = coming[Symbol.asyncIterator]();
  let waiting: Promise<IteratorResult<T>> | undefined;
  const nextBefore = async (end: Promise<void>): Promise<IteratorResult<T> | undefined> => {
    waiting ??= source.next();
    const found = (await Promise.race([waiting, end])) ?? undefined;
    if (found !== undefined) waiting = undefined;
    return found;
  };
  for (;;) {
    const batch: T[] = [];
    const quiet = new AbortController();
    let found = await nextBefore(sleep(QUIET_MS, quiet.signal));
    quiet.abort();
    // All that lies in our memory already comes before the next turn of the event loop.
    for (const turn = setImmediate(); found?.done === false; found = await nextBefore(turn)) {
      batch.push(found.value);
      if (batch.length === size) break;
    }
    yield batch;
    if (found?.done) return;
  }
}
