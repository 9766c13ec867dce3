import { readdirSync, readFileSync } from 'node:fs';
import { defineErrors } from '@aetherius/shared/errors';
import { parse } from 'yaml';
import { z } from 'zod';
import { Remedy } from './remedy.ts';

const { catalogue_invalid } = defineErrors({
  catalogue_invalid: { status: 500, retryable: false, title: 'A file of the catalogue of remedies cannot be used' },
});

/** Every remedy of the YAML files in a folder; the first mistakes are named with file and entry. */
export function loadRemedies(folder: URL): Remedy[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  const found = files.flatMap((file) => readRemedies(file, readFileSync(new URL(file, folder), 'utf8')));
  const twice = found.find(({ name }, index) => found.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) throw catalogue_invalid({ entry: twice.name, problem: 'there are two of this name' });
  return found;
}

/** The remedies of one file's text. */
export function readRemedies(file: string, text: string): Remedy[] {
  const entries = z.array(z.unknown()).safeParse(parsed(file, text));
  if (!entries.success) throw catalogue_invalid({ file, problem: 'is not a list of remedies' });
  return entries.data.map((entry, index) => {
    const schema = typeof entry === 'object' && entry !== null && 'do' in entry ? Remedy.options[0] : Remedy.options[1];
    const read = schema.safeParse(entry);
    if (read.success) return read.data;
    const name = z.object({ name: z.string() }).safeParse(entry).data?.name ?? `entry ${index + 1}`;
    throw catalogue_invalid({ file, entry: name, problem: z.prettifyError(read.error) });
  });
}

function parsed(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw catalogue_invalid({ file, problem: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}
