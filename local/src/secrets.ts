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
  const file = join(folder, `${name}.json`);
  const kept = read(file);
  if (renewed !== undefined) delete kept[renewed];
  return (key, make) => {
    const known = kept[key];
    if (known !== undefined) return known;
    const fresh = make();
    kept[key] = fresh;
    writeFileSync(file, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600 });
    return fresh;
  };
}

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
