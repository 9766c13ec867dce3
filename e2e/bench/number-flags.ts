import { parseArgs } from 'node:util';
import { errors } from '@aetherius/shared/errors';

type NumberFlag = { default: number; min: number; max: number };
type Flags<N extends string, S extends string> = { numbers: Record<N, NumberFlag>; switches: readonly S[] };

/** What a bench may be told, with the usual values and the bounds. */
export const usageOf = ({ numbers, switches }: Flags<string, string>): string =>
  [
    'This bench understands:',
    ...Object.entries(numbers).map(
      ([name, { default: usual, min, max }]) => `  --${name} N  usually ${usual}; from ${min} to ${max}`,
    ),
    ...switches.map((name) => `  --${name}`),
    '',
  ].join('\n');

/** Numbers and switches off a command line; whatever is not one of them, or out of bounds, is refused by its name. */
export function readFlags<N extends string, S extends string>(
  args: string[],
  { numbers, switches }: Flags<N, S>,
): Record<N, number> & Record<S, boolean> {
  if (args.includes('--help')) {
    process.stdout.write(usageOf({ numbers, switches }));
    process.exit(0);
  }
  const names = Object.keys(numbers) as N[];
  const options = Object.fromEntries([
    ...names.map((name) => [name, { type: 'string' }] as const),
    ...switches.map((name) => [name, { type: 'boolean' }] as const),
  ]);
  const { values } = parsed(args, options);
  return {
    ...Object.fromEntries(names.map((name) => [name, numberOf(name, values[name], numbers[name])])),
    ...Object.fromEntries(switches.map((name) => [name, values[name] === true])),
  } as Record<N, number> & Record<S, boolean>;
}

function parsed(args: string[], options: Record<string, { type: 'string' | 'boolean' }>) {
  try {
    return parseArgs({ args, options, allowPositionals: false });
  } catch (cause) {
    const flags = Object.keys(options).map((name) => `--${name}`);
    throw errors.invalid_input({ reason: (cause as Error).message, flags: flags.join(' ') }, { cause });
  }
}

function numberOf(name: string, given: unknown, { default: usual, min, max }: NumberFlag): number {
  const value = given === undefined ? usual : Number(given);
  if (Number.isNaN(value) || value < min || value > max)
    throw errors.invalid_input({ [`--${name}`]: `must be a number from ${min} to ${max}` });
  return value;
}
