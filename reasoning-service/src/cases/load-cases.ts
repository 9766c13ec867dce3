import { readdirSync, readFileSync } from 'node:fs';
import { defineErrors } from '@aetherius/shared/errors';
import { parse } from 'yaml';
import { z } from 'zod';
import { Case } from './case.ts';

const { case_file_invalid } = defineErrors({
  case_file_invalid: { status: 500, retryable: false, title: 'A file of cases cannot be used' },
});

/** A case of the library happened to nobody here: it has no incident, no end and no time of its own. */
const LibraryCase = Case.omit({ incident_id: true, source: true, outcome: true, at: true });
/** Older than anything that a site keeps, so that a case of the site is never replaced. */
const BEFORE_ALL = '2000-01-01T00:00:00.000Z';

/** The cases that are shipped; a mistake is named with file and entry. */
export function loadCases(folder: URL): Case[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  return files.flatMap((file) => readCases(file, readFileSync(new URL(file, folder), 'utf8')));
}

/** The cases of one file's text. */
export function readCases(file: string, text: string): Case[] {
  const entries = z.array(z.unknown()).safeParse(parsed(file, text));
  if (!entries.success) throw case_file_invalid({ file, problem: 'is not a list of cases' });
  return entries.data.map((entry, index) => {
    const read = LibraryCase.strict().safeParse(entry);
    if (read.success)
      return { ...read.data, incident_id: null, source: 'library', outcome: 'documented', at: BEFORE_ALL };
    const id = z.object({ id: z.string() }).safeParse(entry).data?.id ?? `entry ${index + 1}`;
    throw case_file_invalid({ file, entry: id, problem: z.prettifyError(read.error) });
  });
}

function parsed(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw case_file_invalid({ file, problem: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}
