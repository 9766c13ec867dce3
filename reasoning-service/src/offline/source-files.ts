import type { Dirent } from 'node:fs';
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import type { Source } from '../intake/reading.ts';
import { decoded, encodingOf } from './decoded.ts';

const MiB = 1024 * 1024;
const WHOLE = 64 * MiB;
const END = 16 * MiB;
const MAX_FILES = 2_000;

/** The sources at a path: one file, or every file below a folder in the order of their names. One path among several is told in full. */
export function readSources(path: string, isOneOfSeveral = false): Source[] {
  const kind = kindOf(path);
  if (kind === 'file') return [readSource(path, shown(isOneOfSeveral ? path : (path.split('/').at(-1) ?? path)))];
  const files = filesBelow(path);
  if (files.length === 0) throw errors.invalid_input({ flag: '--bundle', reason: `there is no file in ${path}` });
  if (files.length > MAX_FILES)
    throw errors.invalid_input({
      flag: '--bundle',
      reason: `${path} holds ${files.length} files, more than ${MAX_FILES}`,
    });
  return files.map(({ file, skipped }) => {
    const name = shown(isOneOfSeveral ? file : relative(path, file));
    return skipped === undefined ? readSource(file, name) : { name, text: '', skipped };
  });
}

function kindOf(path: string): 'file' | 'folder' {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw errors.invalid_input({ flag: '--bundle', reason: `${path} does not exist` });
  if (stats.isDirectory()) return 'folder';
  if (stats.isFile()) return 'file';
  throw errors.invalid_input({ flag: '--bundle', reason: `${path} is neither a file nor a folder` });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a name may hold a line break, and a list of names must not
const shown = (name: string): string => name.replaceAll(/[\u0000-\u001f\u007f]/g, ' ');

type Found = { file: string; skipped?: string };

/** Hidden files are a tool's own (`.git`, `.DS_Store`); links are not followed, so a folder cannot lead out of itself. */
function filesBelow(folder: string): Found[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(file);
      return entry.isFile() ? [{ file }] : [{ file, skipped: whySkipped(entry) }];
    });
}

/** To read a pipe would be to wait for whoever writes into it. */
const whySkipped = (entry: Dirent): string =>
  entry.isSymbolicLink() ? 'is a link, which is not followed' : 'is no file but a pipe, a socket or a device';

/** A file larger than memory should hold is read from both ends. */
function readSource(path: string, name: string): Source {
  const file = openFile(path);
  try {
    const { size, mtime } = fstatSync(file);
    const modified = mtime.toISOString();
    if (size <= WHOLE) return { name, modified, text: decoded(slice(file, 0, size)) };
    const first = slice(file, 0, END);
    const encoding = encodingOf(first);
    const text = `${decoded(first, encoding)}\n${decoded(slice(file, size - END - (size % 2), END), encoding)}`;
    return {
      name,
      modified,
      text,
      left_out: `${name}: ${Math.round((size - 2 * END) / MiB)} MiB between its first and last ${END / MiB} MiB`,
    };
  } finally {
    closeSync(file);
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw errors.invalid_input({ flag: '--bundle', reason: `${path} cannot be opened` }, { cause });
  }
}

function slice(file: number, from: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const got = readSync(file, buffer, read, length - read, from + read);
    if (got === 0) break;
    read += got;
  }
  return buffer.subarray(0, read);
}
