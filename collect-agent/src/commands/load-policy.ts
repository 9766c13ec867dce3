import { readFileSync } from 'node:fs';
import { errors } from '@aetherius/shared/errors';
import { problemOf } from '@aetherius/shared/service';
import { parse } from 'yaml';
import { Policy } from './policy.ts';

/** The policy in a YAML or JSON file; a file that cannot be read or says something unknown stops the start, never widens it. */
export function loadPolicy(file: string | undefined): Policy {
  if (file === undefined) return Policy.parse({});
  const parsed = Policy.safeParse(contentOf(file) ?? {});
  if (parsed.success) return parsed.data;
  throw wrong(file, parsed.error.issues.map((issue) => problemOf(issue, 'the file')).join('; '));
}

function contentOf(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw wrong(file, (code && unreadable[code]) ?? message, cause);
  }
}

const unreadable: Record<string, string> = {
  ENOENT: 'is not there',
  EISDIR: 'is a folder',
  EACCES: 'cannot be read by this process',
};

const wrong = (file: string, problem: string, cause?: unknown) => {
  const way_out = 'correct the file, or leave POLICY_FILE out to have the default policy';
  return errors.invalid_input({ POLICY_FILE: file, problem, way_out }, { cause });
};
