import { errors } from '@aetherius/shared/errors';

/** The fields of an object that is still unchecked. */
export type Fields = Record<string, unknown>;

/** Where in which file a value stands, for errors that lead straight to it. */
export type Path = { file: string; field: string; at(name: string | number): Path };

/** The place of a field in a file. */
export const pathIn = (file: string, field = ''): Path => ({
  file,
  field,
  at: (name) => pathIn(file, typeof name === 'number' ? `${field}[${name}]` : field === '' ? name : `${field}.${name}`),
});

/** Refuses a value with the file and the field where it stands. */
export function fail({ file, field }: Path, why: string): never {
  throw errors.invalid_input({ file, field: field === '' ? '(whole file)' : field, why });
}

/** An object, with no fields beside the known ones when they are given. */
export function readRecord(value: unknown, path: Path, known?: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(path, 'must be an object');
  const unknown = known === undefined ? undefined : Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) fail(path.at(unknown), `is not a known field; known are ${known?.join(', ')}`);
  return value as Fields;
}

/** A text that is not empty. */
export function readText(value: unknown, path: Path): string {
  if (typeof value !== 'string' || value === '') fail(path, 'must be a text');
  return value;
}

/** A list, each item read by its own reader. */
export function readList<T>(value: unknown, path: Path, read: (item: unknown, path: Path) => T): T[] {
  if (!Array.isArray(value)) fail(path, 'must be a list');
  return value.map((item, index) => read(item, path.at(index)));
}

/** One of a few words. */
export function readChoice<const T extends string>(value: unknown, path: Path, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  return found ?? fail(path, `must be one of ${choices.join(', ')}`);
}
