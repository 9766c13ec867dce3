import { describe, expect, it } from '@jest/globals';
import { evenly, runOpenLoop } from './open-loop.ts';

describe('an open loop', () => {
  it('is due at an even rate', () => {
    expect(evenly({ perSecond: 4, seconds: 1.5 })).toEqual([0, 250, 500, 750, 1000, 1250]);
  });

  it('starts what is due without waiting for what was started, and tells when it was due', async () => {
    let time = 1_000;
    const started: [number, number, number][] = [];
    await runOpenLoop({
      due: [0, 1, 2, 2],
      // The first takes the machine for 50 ms: the others are late, and their due times do not move.
      start: (index, dueAt) => {
        started.push([index, dueAt, time]);
        if (index === 0) time += 50;
      },
      now: () => time,
      signal: new AbortController().signal,
    });
    expect(started).toEqual([
      [0, 1_000, 1_000],
      [1, 1_001, 1_050],
      [2, 1_002, 1_050],
      [3, 1_002, 1_050],
    ]);
  });

  it('ends when it is told to', async () => {
    const abort = new AbortController();
    const started: number[] = [];
    const start = (index: number) => {
      started.push(index);
      abort.abort();
    };
    await runOpenLoop({ due: [0, 0, 60_000], start, now: () => 0, signal: abort.signal });
    expect(started).toEqual([0]);
  });
});
