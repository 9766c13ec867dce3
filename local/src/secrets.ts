import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '@aetherius/shared/errors';

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

function read(file: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch (cause) {
    throw errors.conflict(
      { file, reason: 'the file is damaged', way_out: 'npm run reset makes everything anew' },
      { cause },
    );
  }
}
