import { parseArgs } from 'node:util';

/** A number is whole, unless its least is not. */
type NumberFlag = { default: number; min: number; max: number };
/** What a bench may be told beside `--help`. */
export type Flags<N extends string, S extends string, T extends string> = {
  numbers?: Readonly<Record<N, NumberFlag>>;
  switches?: readonly S[];
  texts?: readonly T[];
};
/** What was asked for, with the defaults of the numbers. */
export type Values<N extends string, S extends string = never, T extends string = never> = Record<N, number> &
  Record<S, boolean> &
  Partial<Record<T, string>> & { help: boolean };

/** How a bench is started, with the usual numbers and their bounds. */
export const usageOf = (
  command: string,
  { numbers = {}, switches = [], texts = [] }: Flags<string, string, string>,
): string =>
  [
    `usage: npm run ${command} -- [flags]`,
    '',
    ...Object.entries(numbers).map(
      ([name, { default: usual, min, max }]) => `  --${name} N  usually ${usual}; from ${min} to ${max}`,
    ),
    ...texts.map((name) => `  --${name} ${name.toUpperCase()}`),
    ...switches.map((name) => `  --${name}`),
    '  --help',
    '',
  ].join('\n');

/** Reads the flags of a bench off its command line; or says in one sentence which is wrong. */
export const readFlags =
  <N extends string = never, S extends string = never, T extends string = never>({
    numbers = {} as Readonly<Record<N, NumberFlag>>,
    switches = [],
    texts = [],
  }: Flags<N, S, T>) =>
  (args: readonly string[]): { options: Values<N, S, T> } | { problem: string } => {
    const names = Object.keys(numbers) as N[];
    const options = {
      ...Object.fromEntries([...names, ...texts].map((name) => [name, { type: 'string' }] as const)),
      ...Object.fromEntries([...switches, 'help'].map((name) => [name, { type: 'boolean', default: false }] as const)),
    };
    try {
      const given: Record<string, unknown> = parseArgs({ args: [...args], options }).values;
      const read = names.map((name) => [name, Number(given[name] ?? numbers[name].default)] as const);
      const wrong = read.find(([name, value]) => !isWithin(value, numbers[name]));
      if (wrong !== undefined && given['help'] !== true) return { problem: bounds(wrong[0], numbers[wrong[0]]) };
      return { options: { ...given, ...Object.fromEntries(read) } as Values<N, S, T> };
    } catch (error) {
      return { problem: (error as Error).message.split('\n')[0] ?? '' };
    }
  };

const isWhole = ({ min }: NumberFlag): boolean => Number.isInteger(min);

const isWithin = (value: number, flag: NumberFlag): boolean =>
  value >= flag.min && value <= flag.max && (Number.isInteger(value) || !isWhole(flag));

const bounds = (name: string, flag: NumberFlag): string =>
  `--${name} must be a ${isWhole(flag) ? 'whole ' : ''}number from ${flag.min} to ${flag.max}`;
