import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** One labelled series of the corpus; windows are row ranges, both ends included; `minutes` since the epoch. */
export type NabSeries = {
  name: string;
  values: Float64Array;
  minutes: Float64Array;
  windows: readonly (readonly [number, number])[];
};

const Windows = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

const minute = (text: string): number => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`) / 60_000;

function read(folder: string, name: string, labelled: readonly (readonly [string, string])[]): NabSeries {
  const lines = readFileSync(join(folder, 'data', name), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1);
  const cells = lines.map((line) => line.split(','));
  const minutes = Float64Array.from(cells, ([time]) => minute(time ?? ''));
  const windows = labelled.map(([from, to]): [number, number] => [
    minutes.findIndex((at) => at >= minute(from)),
    minutes.findLastIndex((at) => at <= minute(to)),
  ]);
  return { name, values: Float64Array.from(cells, ([, value]) => Number(value)), minutes, windows };
}

/** The 58 series of the Numenta Anomaly Benchmark under a folder, in order of their names. */
export function readNab(folder: string): NabSeries[] {
  const windows = Windows.parse(JSON.parse(readFileSync(join(folder, 'labels/combined_windows.json'), 'utf8')));
  return readdirSync(join(folder, 'data'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(folder, 'data', name)).map((file) => `${name}/${file}`))
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .map((name) => read(folder, name, windows[name] ?? []));
}
