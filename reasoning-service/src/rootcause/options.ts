import { parseArgs } from 'node:util';
import { parseTime } from './read/time.ts';
import type { Target } from './series.ts';
import { parseTarget } from './target.ts';

export type Options = {
  series: string[];
  edges: string[];
  logs: string[];
  graph: string | undefined;
  target: Target | undefined;
  onset: number | undefined;
  json: boolean;
  help: boolean;
};

export const usage = `usage: npm run rootcause -- [--series FILE…] [--edges FILE…] [--logs FILE…] [--graph FILE]
                            [--target ENTITY:METRIC] [--onset TIME] [--json]

Says which entity broke, from metrics, calls and logs before and after an onset; one of the three must be given, no
service has to run.

  --series FILE…          CSV, wide (time,<entity>/<metric>,… or time,<entity>_<metric>,…), long (time,entity,metric,value),
                          or a row per entity (time,entity,<metric>,…); may be given several times
  --edges FILE…           calls over time: time,caller,callee,metric,value (caller_latency, callee_latency, gap, requests)
  --logs FILE…            time,entity,level,template or time,entity,level,message
  --graph FILE            the call graph: caller,callee
  --target ENTITY:METRIC  the alert to explain, a latency, error or availability metric by name or kind
  --onset TIME            when it began, ISO 8601 or epoch; found in what is given when missing
  --json                  one JSON object instead of a table
  --help                  this text
`;

const many = { type: 'string', multiple: true, default: [] as string[] } as const;

/** Words after `--series FILE` that belong to no flag are more files of it, so that a shell pattern can be used. */
function filesOf(tokens: readonly { kind: string; name?: string; value?: unknown }[], flag: string): string[] {
  let current = '';
  return tokens.flatMap((token) => {
    if (token.kind === 'option') current = token.name ?? '';
    return current === flag && typeof token.value === 'string' ? [token.value] : [];
  });
}

/** The words of the command line, or the one sentence that says what is wrong with them. */
export function readOptions(args: readonly string[]): { options: Options } | { problem: string } {
  try {
    const { values, tokens } = parseArgs({
      args: [...args],
      allowPositionals: true,
      tokens: true,
      options: {
        series: many,
        edges: many,
        logs: many,
        graph: { type: 'string' },
        target: { type: 'string' },
        onset: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const stray = strayWord(tokens);
    if (stray !== undefined) return { problem: `"${stray}" belongs to no flag` };
    const lists = { series: filesOf(tokens, 'series'), edges: filesOf(tokens, 'edges'), logs: filesOf(tokens, 'logs') };
    return checked({ ...values, ...lists });
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

function strayWord(tokens: readonly { kind: string; name?: string; value?: unknown }[]): string | undefined {
  let current = '';
  for (const token of tokens) {
    if (token.kind === 'option') current = token.name ?? '';
    if (token.kind === 'positional' && !['series', 'edges', 'logs'].includes(current)) return String(token.value);
  }
  return undefined;
}

type Words = {
  series: string[];
  edges: string[];
  logs: string[];
  graph?: string | undefined;
  target?: string | undefined;
  onset?: string | undefined;
  json: boolean;
  help: boolean;
};

function checked({ target, onset, graph, ...words }: Words): { options: Options } | { problem: string } {
  if (words.help) return { options: { ...words, graph, target: undefined, onset: undefined } };
  if (words.series.length + words.edges.length + words.logs.length === 0)
    return { problem: '--series FILE is missing (or --edges FILE, or --logs FILE)' };
  const alert = target === undefined ? undefined : parseTarget(target);
  if (target !== undefined && alert === undefined) return { problem: `--target "${target}" is not ENTITY:METRIC` };
  const began = onset === undefined ? undefined : parseTime(onset);
  if (onset !== undefined && began === undefined)
    return { problem: `--onset "${onset}" is not a time (ISO 8601 or epoch)` };
  return { options: { ...words, graph, target: alert, onset: began } };
}
