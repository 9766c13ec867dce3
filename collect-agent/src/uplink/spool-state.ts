import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileOf, numberOf, readSegment, type Segment } from './segment.ts';

/** Up to where messages are sent: the first `sent` entries of one segment and all of the segments before it. */
export type Position = { segment: number; sent: number };
/** What had to be cut: how many messages of what time, all in segments up to `through`. */
export type Gap = { count: number; first_at: string; last_at: string; through: number };
export type SpoolState = { segments: Segment[]; position: Position; gap: Gap | undefined; torn: number };

const POSITION = 'position.json';
const GAP = 'gap.json';

/** What a spool's folder holds, as a crash at any point may have left it. */
export async function readState(folder: string): Promise<SpoolState> {
  await mkdir(folder, { recursive: true });
  const gap = await readJson<Gap>(join(folder, GAP));
  const position = (await readJson<Position>(join(folder, POSITION))) ?? { segment: 0, sent: 0 };
  const numbers = (await readdir(folder)).map(numberOf).filter((number) => number !== undefined);
  // Counted in the gap or sent, but the crash came before the file was removed.
  const over = Math.max(gap?.through ?? 0, position.segment - 1);
  for (const number of numbers.filter((number) => number <= over)) await removeSegment(folder, number);
  const left = numbers.filter((number) => number > over).sort((a, b) => a - b);
  return { ...(await readSegments(folder, left)), position, gap: gap && gap.count > 0 ? gap : undefined };
}

async function readSegments(folder: string, numbers: number[]): Promise<Pick<SpoolState, 'segments' | 'torn'>> {
  const segments: Segment[] = [];
  let torn = 0;
  for (const number of numbers) {
    const read = await readSegment(join(folder, fileOf(number)));
    torn += read.torn;
    if (read.entries.length === 0) await removeSegment(folder, number);
    else segments.push(summary(number, read.entries));
  }
  return { segments, torn };
}

function summary(number: number, entries: { at: string }[]): Segment {
  const bytes = Buffer.byteLength(entries.map((entry) => JSON.stringify(entry)).join('\n')) + 1;
  return { number, bytes, entries: entries.length, first_at: entries[0]?.at ?? '', last_at: entries.at(-1)?.at ?? '' };
}

export const removeSegment = (folder: string, number: number): Promise<void> =>
  rm(join(folder, fileOf(number)), { force: true });

/** Not synced: an older position after a power cut only sends some messages again, and their ids make that harmless. */
export const writePosition = (folder: string, position: Position): Promise<void> =>
  writeJson(join(folder, POSITION), position);

export const writeGap = (folder: string, gap: Gap): Promise<void> => writeJson(join(folder, GAP), gap);

/** By way of a second file, so that a crash leaves the old content or the new. */
async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(value));
  await rename(`${path}.new`, path);
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
