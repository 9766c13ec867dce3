import { silentLogger } from '@aetherius/shared/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Signal } from '../signals/signal.ts';
import { createAttention } from './attention.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const setUp = (assess: (key: string) => Partial<Signal>[]) => {
  const looked: string[] = [];
  const told: string[] = [];
  const done: string[] = [];
  const attention = createAttention({
    assess: (key) => {
      looked.push(key);
      return assess(key) as Signal[];
    },
    tell: ({ reason }) => told.push(reason),
    done: (key) => done.push(key),
    clock: { now: () => new Date(), monotonic: () => Date.now() },
    log: silentLogger(),
  });
  return { looked, told, done, attention };
};
const signal = (holdMs: number, mark = 1): Partial<Signal> => ({ reason: 'X', identity: ['u', mark], holdMs });

describe('attention', () => {
  it('looks once at a burst, and within half a second of its beginning', () => {
    const { looked, attention } = setUp(() => []);
    attention.open();
    for (let change = 0; change < 10; change += 1) {
      attention.touch('a');
      jest.advanceTimersByTime(40);
    }
    expect(looked).toEqual(['a']);
  });

  it('looks at nothing before it is opened', () => {
    const { looked, attention } = setUp(() => []);
    attention.touch('a');
    jest.advanceTimersByTime(5_000);
    expect(looked).toEqual([]);
    attention.open();
    jest.advanceTimersByTime(200);
    expect(looked).toEqual(['a']);
  });

  it('looks at once at what need not settle, though not before it is opened nor after it was stopped', () => {
    const { looked, attention } = setUp(() => []);
    attention.now('early');
    expect(looked).toEqual([]);
    attention.open();
    attention.now('a');
    expect(looked).toEqual(['a']);
    jest.advanceTimersByTime(200);
    expect(looked).toEqual(['a', 'early']);
    attention.stop();
    attention.now('late');
    expect(looked).toEqual(['a', 'early']);
  });

  it('is done with a key only when it will not look again by itself', () => {
    const { done, attention } = setUp((key) => (key === 'lasting' ? [signal(10_000)] : []));
    attention.open();
    attention.touch('passing');
    attention.touch('lasting');
    jest.advanceTimersByTime(5_000);
    expect(done).toEqual(['passing']);
    jest.advanceTimersByTime(6_000);
    expect(done).toEqual(['passing', 'lasting']);
  });

  it('tells what has to last only when it lasted, without another change', () => {
    const { told, attention } = setUp(() => [signal(10_000)]);
    attention.open();
    attention.touch('a');
    jest.advanceTimersByTime(9_900);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(1_000);
    expect(told).toEqual(['X']);
  });
});

describe('attention, over time', () => {
  it('counts anew when it was something else in between, and forgets what went away', () => {
    let now = [signal(10_000)];
    const { told, attention } = setUp(() => now);
    attention.open();
    attention.touch('a');
    jest.advanceTimersByTime(6_000);
    now = [signal(10_000, 2)];
    attention.touch('a');
    jest.advanceTimersByTime(6_000);
    expect(told).toEqual([]);
    now = [];
    jest.advanceTimersByTime(20_000);
    expect(told).toEqual([]);
  });

  it('goes on when one object cannot be assessed', () => {
    const { told, attention } = setUp((key) => {
      if (key === 'bad') throw new Error('odd object');
      return [signal(0)];
    });
    attention.open();
    attention.touch('bad');
    attention.touch('good');
    jest.advanceTimersByTime(500);
    expect(told).toEqual(['X']);
  });

  it('is quiet after it was stopped', () => {
    const { looked, attention } = setUp(() => []);
    attention.open();
    attention.touch('a');
    attention.stop();
    jest.advanceTimersByTime(5_000);
    expect(looked).toEqual([]);
  });
});
