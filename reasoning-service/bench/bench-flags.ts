import { parseArgs } from 'node:util';

type WholeNumber = { default: number; min: number; max: number };
/** The numbers that were asked for, or their defaults. */
export type Values<N extends string> = Record<N, number> & { help: boolean };

/** Reads whole numbers off a command line, and `--help`; or says in one sentence what is wrong. */
export const readNumbers =
  <N extends string>(numbers: Readonly<Record<N, WholeNumber>>) =>
  (args: readonly string[]): { options: Values<N> } | { problem: string } => {
    const names = Object.keys(numbers) as N[];
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' }] as const));
    try {
      const { values } = parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean' } } });
      const given: Record<string, unknown> = values;
      const read = names.map((name) => [name, Number(given[name] ?? numbers[name].default)] as const);
      const wrong = read.find(([name, value]) => !isWithin(value, numbers[name]));
      if (wrong !== undefined && given['help'] !== true) return { problem: bounds(wrong[0], numbers[wrong[0]]) };
      return { options: { ...(Object.fromEntries(read) as Record<N, number>), help: given['help'] === true } };
    } catch (error) {
      return { problem: (error as Error).message.split('\n')[0] ?? '' };
    }
  };

const isWithin = (value: number, { min, max }: WholeNumber): boolean =>
  Number.isInteger(value) && value >= min && value <= max;

const bounds = (name: string, { min, max }: WholeNumber): string =>
  `--${name} must be a whole number from ${min} to ${max}`;
