import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { fieldOf } from './errors.ts';
import type { Problem } from './problem.ts';

/** A YAML file with the means to say where in it a field stands. */
export type Source = { file: string; document: unknown; locate(problem: Problem): string };
export type ReadFiles = { sources: Source[]; problems: string[] };

const MAX_FILE_BYTES = 256 * 1024;

/** Every YAML file of a folder, by name; a folder that is not there is a problem, not an empty answer. */
export async function readFiles(folder: string): Promise<ReadFiles> {
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return { sources: [], problems: [`${folder}: no such folder`] };
  const read = await Promise.all(
    names
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map(async (name) => readSource(join(folder, name), await readFile(join(folder, name), 'utf8'))),
  );
  return {
    sources: read.flatMap((one) => ('source' in one ? [one.source] : [])),
    problems: read.flatMap((one) => ('problems' in one ? one.problems : [])),
  };
}

/** One file's text; syntax errors come with their line. */
export function readSource(file: string, text: string): { source: Source } | { problems: string[] } {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) return { problems: [`${file}: larger than ${MAX_FILE_BYTES} bytes`] };
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (parsed.errors.length > 0)
    return {
      problems: parsed.errors.map((one) => `${file}:${lines.linePos(one.pos[0]).line}: ${firstLine(one.message)}`),
    };
  const locate = ({ path, message }: Problem) =>
    `${file}:${lineOf(parsed, lines, path)}: ${fieldOf(path) || '(document)'}: ${message}`;
  return { source: { file, document: parsed.toJS({ maxAliasCount: 100 }), locate } };
}

/** Line of the nearest node that exists on the way to a field: a missing field is shown where it is missing. */
function lineOf(parsed: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = parsed.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? text;
