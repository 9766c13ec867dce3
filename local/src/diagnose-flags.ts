import { parseArgs } from 'node:util';

/** What the answer needs, and what reading a live cluster needs where one is meant. */
export type Flags = { answer: string[]; cluster: string[] | undefined };

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = {
  bundle: text,
  json: flag,
  help: flag,
  kubeconfig: text,
  context: text,
  namespace: text,
  'all-namespaces': flag,
};

/** Parts the flags of `npm run diagnose` between its two commands, or says what is wrong with them. */
export function splitFlags(args: readonly string[]): Flags | { problem: string } {
  try {
    return parted(parseArgs({ args: [...args], options }).values);
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

function parted(values: Values): Flags | { problem: string } {
  const given = (names: readonly (keyof Values)[]): string[] =>
    names.flatMap((name) => (values[name] === undefined ? [] : words(name, values[name])));
  const cluster = given(['kubeconfig', 'context', 'namespace', 'all-namespaces']);
  if (values.bundle !== undefined && cluster.length > 0)
    return { problem: `--bundle is evidence that is there already; leave out ${cluster[0]}` };
  if (values.help || cluster.length === 0) return { answer: given(['bundle', 'json', 'help']), cluster: undefined };
  return { answer: given(['json']), cluster };
}

const words = (name: string, value: string | boolean): string[] =>
  typeof value === 'boolean' ? [`--${name}`] : [`--${name}`, value];
