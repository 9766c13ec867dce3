import { kindOfWord } from './kind-names.ts';
import { isBarePrompt, nodeIn, promptsIn, runsAnother, typedAt } from './prompt.ts';

/** What a `kubectl` command line asked for, as far as it tells how to read the answer. */
export type Command = {
  verb: string;
  kinds: string[];
  names: string[];
  /** Null for all namespaces, undefined when the line does not say. */
  namespace: string | null | undefined;
  /** Whether it asked for a part of the objects: by name, label or field, or by cutting the output. */
  isPartial: boolean;
  /** By which labels or fields it chose. */
  selector: string | undefined;
  container: string | undefined;
  previous: boolean;
  /** The words that it used for kinds, known or not. */
  words: string[];
  /** The form that it asked for: `yaml`, `jsonpath={.status}` … */
  output: string | undefined;
};

/** A stretch of text with the command that printed it, where a copied terminal shows it; prose stands outside of a page's fences. */
export type Stretch = {
  command: Command | undefined;
  text: string;
  isProse: boolean;
  /** Whether another program than `kubectl` printed it. */
  isForeign: boolean;
  /** The node on which it was printed, where the command tells it. */
  node?: string | undefined;
};

const verbs = new Set(['get', 'describe', 'logs', 'top', 'events', 'drain']);
/** Flags that take the next word as their value. */
const valued = new Set([
  '-n',
  '-l',
  '-o',
  '-c',
  '-f',
  '--namespace',
  '--selector',
  '--output',
  '--container',
  '--tail',
]);
valued.add('--context').add('--kubeconfig').add('--field-selector').add('--sort-by').add('--since');

/** A copied terminal, cut before each `kubectl` line and at the fences of Markdown; text without either is one stretch. */
export function stretches(text: string): Stretch[] {
  const lines = text.split('\n');
  const commands = lines.map(commandOf);
  const fences = lines.filter((line) => fence.test(line)).length;
  const isWhole = fences === 0 && commands.every((command) => command === undefined);
  // Taking a log of millions of lines apart, to put it together again, would cost a second.
  const found = isWhole
    ? [{ command: undefined, text, isProse: false, isForeign: false }]
    : parts(lines, commands, fences);
  return found.filter(({ command, text: inner }) => command !== undefined || inner.trim() !== '');
}

function parts(lines: readonly string[], commands: readonly (Command | undefined)[], fences: number): Stretch[] {
  const hasCommands = commands.some((command) => command !== undefined);
  const isAnswer = (line: string): boolean => !hasCommands || !isBarePrompt(line);
  // One fence alone may be a line of a log.
  const isPage = fences > 1;
  const found: Open[] = [{ command: undefined, lines: [], isProse: isPage, isForeign: false }];
  const prompts = promptsIn(lines);
  let isInside = false;
  for (const [at, line] of lines.entries()) {
    const command = commands[at];
    const isFence = command === undefined && fence.test(line);
    if (isFence) isInside = !isInside;
    const isForeign = command === undefined && runsAnother(line, prompts);
    if (command !== undefined || isForeign)
      found.push({ command, lines: [], isProse: false, isForeign, node: nodeIn(line) });
    else if (isFence) parted(found, { isInside, isPage });
    else if (isAnswer(line)) found.at(-1)?.lines.push(line);
  }
  return found.map(({ lines: inner, ...rest }) => ({ ...rest, text: inner.join('\n') }));
}

const fence = /^(?:`{3,}|~{3,})[\w-]{0,20}\s*$/;

type Open = Omit<Stretch, 'text'> & { lines: string[] };

/** A fence ends what came before, unless a command stands above it and is answered inside. */
function parted(found: Open[], { isInside, isPage }: { isInside: boolean; isPage: boolean }): void {
  if (!isInside || !awaitsAnswer(found.at(-1)))
    found.push({ command: undefined, lines: [], isProse: isPage && !isInside, isForeign: false });
}

const awaitsAnswer = (open: Open | undefined): boolean =>
  open?.command !== undefined && open.lines.every((line) => line.trim() === '');

/** Whether evidence is what a command prints. */
export const printsEvidence = ({ verb }: Command): boolean => verbs.has(verb);

/** The command in a line of a terminal, or undefined when there is none. */
function commandOf(line: string): Command | undefined {
  const typed = typedAt(line);
  if (typed === undefined) return undefined;
  const { rest, isTyped } = typed;
  const all = shellWords(rest);
  const pipe = all.includes('|') ? all.indexOf('|') : all.length;
  const { words, flags } = wordsOf(all.slice(0, pipe));
  const [verb = '', ...operands] = words;
  if (!verbs.has(verb) && !isTyped) return undefined;
  const { kinds, names, words: asked } = targetsOf(verb, operands);
  const selector = ['-l', '--selector', '--field-selector']
    .map((one) => flags.get(one))
    .find((one) => one !== undefined);
  return {
    verb,
    kinds: verb === 'events' ? ['Event'] : kinds,
    names,
    namespace: flags.has('-A') || flags.has('--all-namespaces') ? null : (flags.get('-n') ?? flags.get('--namespace')),
    isPartial: pipe < all.length || names.length > 0 || selector !== undefined,
    selector,
    container: flags.get('-c') ?? flags.get('--container'),
    previous: flags.has('-p') || flags.has('--previous'),
    words: asked,
    output: flags.get('-o') ?? flags.get('--output'),
  };
}

/** Words as a shell parts them, those in quotes as one and without these; `|` is a word of its own. */
const shellWords = (line: string): string[] =>
  [...line.matchAll(/\||(?:"[^"]*"|'[^']*'|[^\s|'"]|['"])+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );

function wordsOf(all: readonly string[]): { words: string[]; flags: Map<string, string> } {
  const words: string[] = [];
  const flags = new Map<string, string>();
  for (let at = 0; at < all.length; at += 1) {
    const word = all[at] ?? '';
    const [name = '', value] = word.split(/=(.*)/s);
    const glued = /^-o(?=[^=-])(.+)$/s.exec(word)?.[1];
    if (glued !== undefined) flags.set('-o', glued);
    else if (!word.startsWith('-')) words.push(word);
    else if (value === undefined && valued.has(name)) {
      at += 1;
      flags.set(name, all[at] ?? '');
    } else flags.set(name, value ?? '');
  }
  return { words, flags };
}

const targetsOf = (verb: string, operands: string[]): ReturnType<typeof targets> =>
  verb === 'logs' ? { kinds: ['Pod'], names: operands, words: [] } : targets(operands);

/** `deploy,pods`, `pod cart-1` or `pod/cart-1`. */
function targets([first = '', ...rest]: readonly string[]): { kinds: string[]; names: string[]; words: string[] } {
  const slashed = [first, ...rest].filter((word) => word.includes('/'));
  const words = slashed.length > 0 ? slashed.map((word) => word.split('/')[0] ?? '') : first.split(',');
  const kinds = words.map(kindOfWord).filter((kind) => kind !== undefined);
  return {
    kinds: [...new Set(kinds)],
    words,
    names: slashed.length > 0 ? slashed.map((word) => word.split('/')[1] ?? '') : rest,
  };
}
