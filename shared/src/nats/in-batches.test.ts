import { describe, expect, it } from '@jest/globals';
import { inBatches } from './in-batches.ts';

/** A source that hands out what was put into it, and waits where there is nothing. */
function pipe<T>() {
  const lying: T[] = [];
  let wake = () => {};
  let closed = false;
  return {
    put: (...values: T[]) => {
      lying.push(...values);
      wake();
    },
    close: () => {
      closed = true;
      wake();
    },
    out: (async function* () {
      for (;;) {
        const value = lying.shift();
        if (value !== undefined) yield value;
        else if (closed) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    })(),
  };
}

describe('batches of what comes', () => {
  it('hold what lies there, at most as many as wanted, and a lone one is not held back', async () => {
    const source = pipe<number>();
    source.put(1, 2, 3, 4, 5);
    const batches = inBatches(source.out, 3);
    expect((await batches.next()).value).toEqual([1, 2, 3]);
    expect((await batches.next()).value).toEqual([4, 5]);
    source.put(6);
    expect((await batches.next()).value).toEqual([6]);
    source.close();
    expect(await batches.next()).toEqual({ value: [], done: false });
    expect((await batches.next()).done).toBe(true);
  });

  it('are empty after a quiet second, and what came meanwhile is in the next one', async () => {
    const source = pipe<number>();
    const batches = inBatches(source.out, 3);
    expect((await batches.next()).value).toEqual([]);
    source.put(1);
    expect((await batches.next()).value).toEqual([1]);
  });

  it('take no more from the source than they hand out', async () => {
    let taken = 0;
    const source = (async function* () {
      for (;;) {
        taken += 1;
        yield taken;
      }
    })();
    const batches = inBatches(source, 1);
    await batches.next();
    expect(taken).toBe(1);
  });

  it('end with the error of their source', async () => {
    const batches = inBatches(
      // biome-ignore lint/correctness/useYield: a source that fails before anything comes
      (async function* (): AsyncGenerator<number> {
        throw new Error('gone');
      })(),
      3,
    );
    await expect(batches.next()).rejects.toThrow('gone');
  });
});
