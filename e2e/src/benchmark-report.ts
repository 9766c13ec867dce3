import { z } from 'zod';

/** What one bench printed as its last line, and on what it was measured. */
export const Recorded = z.object({
  commit: z.string(),
  at: z.iso.datetime(),
  machine: z.string(),
  versions: z.string(),
  figures: z.record(z.string(), z.json()),
});
export type Recorded = z.infer<typeof Recorded>;

/** The last record of each bench, by the name of its command. */
export const Records = z.record(z.string(), Recorded);
export type Records = z.infer<typeof Records>;

/** The figures of a bench: the one JSON object that its last line is, or undefined when it is none. */
export function figuresOf(output: string): Recorded['figures'] | undefined {
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  try {
    return Recorded.shape.figures.parse(JSON.parse(last));
  } catch {
    return undefined;
  }
}

const cell = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('|', '\\|').replaceAll(',', ', ');

const section = ([name, { commit, at, machine, versions, figures }]: [string, Recorded]): string =>
  [
    `## \`npm run ${name}\``,
    '',
    `Commit ${commit}, ${at.slice(0, 10)}, ${versions}, ${machine}.`,
    '',
    '| figure | value |',
    '|---|---|',
    ...Object.entries(figures).map(([figure, value]) => `| ${figure} | ${cell(value)} |`),
    '',
  ].join('\n');

/** The page that people read. */
export const benchmarkPage = (records: Records): string =>
  [
    '# Benchmarks',
    '',
    'Written by `npm run bench`; do not edit. Each bench prints its figures as its last line, and they stand here as it printed them.',
    '',
    ...Object.entries(records)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(section),
  ].join('\n');
