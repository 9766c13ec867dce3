import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { type AetheriusError, errors } from '@aetherius/shared/errors';
import { z } from 'zod';
import { homeFolder } from './home.ts';

/**
 * Secrets that are made once and kept, readable by their owner alone: one JSON file of names and values.
 * One whose key is `renewed` is made anew and replaces the one before.
 */
export function keptSecrets(
  folder: string,
  name: string,
  renewed?: string,
): (key: string, make: () => string) => string {
  const kept = read(fileOf(folder, name));
  if (renewed !== undefined) delete kept[renewed];
  return (key, make) => {
    const known = kept[key];
    if (known !== undefined) return known;
    const fresh = make();
    kept[key] = fresh;
    write(fileOf(folder, name), kept);
    return fresh;
  };
}

/** Everything that is kept under this name. */
export const allKept = (folder: string, name: string): Record<string, string | undefined> => read(fileOf(folder, name));

/** Renames, adds and, with undefined, takes out. */
export const changeKept = (folder: string, name: string, changes: Record<string, string | undefined>): void =>
  write(fileOf(folder, name), { ...read(fileOf(folder, name)), ...changes });

const fileOf = (folder: string, name: string): string => join(folder, `${name}.json`);

const write = (file: string, kept: object): void =>
  writeFileSync(file, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600 });

const read = (file: string): Record<string, string> => readTexts(file) ?? {};

/** What the file holds; undefined where it was never made: whatever else is wrong with it, another one would be of other keys. */
export function readTexts(file: string): Record<string, string> | undefined {
  let kept: unknown;
  try {
    kept = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw damaged(file, cause);
  }
  const texts = z.record(z.string(), z.string()).safeParse(kept);
  // Each is written with something in it.
  if (!texts.success || Object.keys(texts.data).length === 0) throw damaged(file);
  return texts.data;
}

/** Two runs at once would each make keys, and the folder would keep those of one. */
export async function aloneIn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const mark = join(folder, 'in-use');
  try {
    writeFileSync(mark, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    const reason = `another run works in ${folder}`;
    throw errors.conflict({ reason, way_out: `run it again when that has ended; where none runs, delete ${mark}` });
  }
  try {
    return await work();
  } finally {
    rmSync(mark, { force: true });
  }
}

/** Only what `npm start` keeps can be made anew; with new keys an installation would lock out its agents and its people. */
export function damaged(file: string, cause?: unknown): AetheriusError {
  const { code, syscall } = (cause ?? {}) as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    const reason = `${file} cannot be read: ${code}`;
    return errors.conflict({ reason, way_out: `run it as the owner of the file, or give it to this user` }, { cause });
  }
  if (code === 'ENOENT') return unusable(file, 'is not there', cause);
  return unusable(file, syscall === undefined ? 'is damaged' : `cannot be read: ${code}`, cause);
}

/** One of which others say that it was there. */
export const lost = (file: string): AetheriusError => unusable(file, 'is not there');

function unusable(file: string, problem: string, cause?: unknown): AetheriusError {
  const reason = `${file} ${problem}`;
  const isOfStart = file.startsWith(homeFolder(process.env) + sep);
  const way_out = isOfStart
    ? 'bring it back if you have a copy; npm run reset makes everything anew, and its data is gone then'
    : `bring the file back from your backup of this folder, ${dirname(file)}: whoever has the present keys would be locked out by others`;
  return errors.conflict({ reason, way_out }, { cause });
}
