import { type AetheriusError, defineErrors } from '@aetherius/shared/errors';
import type { Problem } from './problem.ts';

const kinds = defineErrors({
  invalid_definition: { status: 400, retryable: false, title: 'The definition cannot be accepted' },
});

/** A path as people read it: `steps[2].when`. */
export const fieldOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  );

/** One error for all problems of a document sent over REST. */
export const invalidDefinition = (problems: readonly Problem[]): AetheriusError =>
  kinds.invalid_definition({
    fields: problems.map(({ path, message }) => ({ field: fieldOf(path), message })),
  });

/** The same for files: every problem in a line of its own with file, line and field. */
export const invalidFiles = (lines: readonly string[]): AetheriusError =>
  kinds.invalid_definition({
    problems: lines,
    way_out: 'correct what is named, or set DEFINITIONS_DIR to a folder with workflows/ and strategies/',
  });
