import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { defineErrors } from '@aetherius/shared/errors';
import { parse } from 'yaml';
import { z } from 'zod';
import { FrontMatter, type Runbook } from './runbook.ts';

const { runbook_invalid } = defineErrors({
  runbook_invalid: { status: 500, retryable: false, title: 'A runbook cannot be read' },
});

const MAX_BYTES = 64 * 1024;
const parts = /^---\r?\n(?<front>.*?)\r?\n---\r?\n(?<text>.*)$/s;

/** The runbooks of folders; one in a later folder replaces one of the same name. */
export function loadRunbooks(folders: readonly URL[]): Runbook[] {
  const found = new Map<string, Runbook>();
  for (const folder of folders) {
    for (const file of namesIn(folder))
      found.set(idOf(file), readRunbook(file, readFileSync(new URL(file, folder), 'utf8')));
  }
  return [...found.values()];
}

function namesIn(folder: URL): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .sort();
  } catch (cause) {
    throw runbook_invalid(
      {
        folder: folder.pathname,
        problem: 'cannot be opened',
        way_out: 'set RUNBOOKS_DIR to a folder with runbooks that this process can read',
      },
      { cause },
    );
  }
}

const invalid = (file: string, problem: string, cause?: unknown) =>
  runbook_invalid(
    {
      file,
      problem,
      way_out: 'write it as those in reasoning-service/runbooks are, or take it out of the folder of RUNBOOKS_DIR',
    },
    { cause },
  );

const idOf = (file: string): string => basename(file, '.md');

/** One file's text. */
export function readRunbook(file: string, content: string): Runbook {
  if (Buffer.byteLength(content) > MAX_BYTES) throw invalid(file, `is larger than ${MAX_BYTES} bytes`);
  const { front, text } = parts.exec(content)?.groups ?? {};
  if (front === undefined || text === undefined) throw invalid(file, 'has no front matter between --- lines');
  const read = FrontMatter.safeParse(yaml(file, front));
  if (!read.success) throw invalid(file, z.prettifyError(read.error));
  return { ...read.data, id: idOf(file), text: text.trim() };
}

function yaml(file: string, front: string): unknown {
  try {
    return parse(front);
  } catch (cause) {
    throw invalid(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}
