import type { Samples } from '../series.ts';

/** Samples under keys, from any number of files; ascending in time at the end, the last value of a repeated time counts. */
export type Collection<T> = {
  add: (about: T, samples: Samples) => void;
  finish: () => (T & Samples)[];
};

const isAscending = (times: readonly number[]): boolean =>
  times.every((time, at) => at === 0 || time > (times[at - 1] ?? 0));

function ordered(samples: Samples): Samples {
  if (isAscending(samples.times)) return samples;
  const byTime = new Map(samples.times.map((time, at) => [time, samples.values[at] ?? Number.NaN]));
  const times = [...byTime.keys()].sort((a, b) => a - b);
  return { times, values: times.map((time) => byTime.get(time) ?? Number.NaN) };
}

/** `keyOf` says which samples belong to the same series. */
export function collection<T>(keyOf: (about: T) => string): Collection<T> {
  const kept = new Map<string, { about: T; parts: Samples[] }>();
  return {
    add: (about, samples) => {
      const key = keyOf(about);
      const known = kept.get(key) ?? { about, parts: [] };
      known.parts.push(samples);
      kept.set(key, known);
    },
    finish: () =>
      [...kept.values()].map(({ about, parts }) => {
        const [only] = parts;
        if (parts.length === 1 && only !== undefined) return { ...about, ...ordered(only) };
        const joined = { times: parts.flatMap(({ times }) => times), values: parts.flatMap(({ values }) => values) };
        return { ...about, ...ordered(joined) };
      }),
  };
}

/** Samples that grow row by row, one list per key. */
export function growing<T>(keyOf: (about: T) => string): {
  add: (about: T, time: number, value: number) => void;
  all: () => [T, Samples][];
} {
  const lists = new Map<string, { about: T; times: number[]; values: number[] }>();
  return {
    add: (about, time, value) => {
      const key = keyOf(about);
      const list = lists.get(key) ?? { about, times: [], values: [] };
      list.times.push(time);
      list.values.push(value);
      lists.set(key, list);
    },
    all: () => [...lists.values()].map(({ about, times, values }) => [about, { times, values }]),
  };
}
