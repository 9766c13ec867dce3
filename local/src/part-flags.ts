import { type ParseArgsConfig, parseArgs } from 'node:util';

type Given = NonNullable<ParseArgsConfig['options']>;

/** The flags that say which cluster is read. */
export const clusterFlags = {
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  namespace: { type: 'string' },
} as const satisfies Given;

/** The words of a command line for the command itself, and those for reading a live cluster. */
export type Parted = { own: string[]; cluster: string[] };

/** Parts flags between the two commands that they are meant for, or says what is wrong with them. */
export function partFlags(
  args: readonly string[],
  { own, cluster }: { own: Given; cluster: Given },
): Parted | { problem: string } {
  try {
    const { values } = parseArgs({ args: [...args], options: { ...own, ...cluster } });
    const given = (options: Given) => Object.keys(options).flatMap((name) => words(name, values[name]));
    return { own: given(own), cluster: given(cluster) };
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

const words = (name: string, value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap((one) => words(name, one))
    : typeof value === 'string'
      ? [`--${name}`, value]
      : value === true
        ? [`--${name}`]
        : [];
