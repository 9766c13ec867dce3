import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { errors } from '../errors/index.ts';
import { misspelt } from './misspelt.ts';

type Environment = Record<string, string | undefined>;

/**
 * Environment variables through a schema; every wrong or misspelt one is named in one line each. Empty counts as absent.
 * `X_FILE` names a file that holds the value of `X`, so that a secret need not stand in the environment.
 */
export function loadConfig<S extends z.ZodType>(schema: S, environment: Environment): z.infer<S> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const parsed = schema.safeParse({ ...given, ...fromFiles(names, given) });
  const unread = misspelt([...names, ...names.map((name) => `${name}_FILE`)], given).map(
    ({ name, meant }) => `${name}: is not read, ${meant} is`,
  );
  if (parsed.success && unread.length === 0) return parsed.data;
  const problems = [...unread, ...(parsed.error?.issues.map((issue) => problemOf(issue)) ?? [])];
  const way_out =
    'set each right, as a variable or as NAME_FILE to name a file that holds the value; take away what is not read';
  throw errors.invalid_input({ environment: problems.join('; '), way_out }, { cause: parsed.error });
}

/** What zod says of types means nothing to who writes texts. */
const words: [RegExp, (...found: string[]) => string][] = [
  [/^Invalid input: .*received undefined$/, () => 'is not set'],
  [/expected number, received NaN$/, () => 'must be a number'],
  [/expected int, received number$/, () => 'must be a whole number'],
  [
    /^Invalid input: expected (\w+), received (\w+)$/,
    (_, wanted, given) => `must be of the type ${wanted}, and is ${given}`,
  ],
  [
    /^Invalid option: expected one of (.+)$/,
    (_, all = '') => `must be one of ${all.replaceAll('"', '').split('|').join(', ')}`,
  ],
  [/^Unrecognized keys?: (.+)$/, (_, keys = '') => `has ${keys.replaceAll('"', '')}, which nobody reads`],
];

/** One thing that is wrong with what somebody wrote, in words for who wrote it; `whole` is what a problem without a path is of. */
export function problemOf({ path, message }: z.core.$ZodIssue, whole = ''): string {
  const known = words.map(([said, say]) => said.exec(message) && say(...(said.exec(message) ?? []))).find(Boolean);
  return `${path.join('.') || whole}: ${known ?? message}`;
}

function fromFiles(names: readonly string[], given: Environment): Environment {
  const named = names.filter((name) => given[`${name}_FILE`] !== undefined && !names.includes(`${name}_FILE`));
  return Object.fromEntries(named.map((name) => [name, readSecret(name, given)]));
}

function readSecret(name: string, given: Environment): string {
  const variable = `${name}_FILE`;
  const file = given[variable] ?? '';
  const refuse = (reason: string, cause?: unknown) =>
    errors.invalid_input(
      {
        environment: `${variable}: ${file} ${reason}`,
        way_out: `set ${variable} to a file with the value of ${name}, readable for this process`,
      },
      { cause },
    );
  if (given[name] !== undefined)
    throw errors.invalid_input({
      environment: `only one of ${name} and ${variable} may be set`,
      way_out: 'take one away',
    });
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw refuse('cannot be read', cause);
  }
  if (text === '') throw refuse('is empty');
  return text;
}
