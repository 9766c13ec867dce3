import { parse } from 'yaml';

/** One value of a chart that a person may set: its path, what it is for, and what else its schema says. */
export type ChartValue = { path: string[]; description: string; schema: Record<string, unknown>; value: unknown };

type Comments = { description: string; schema: Record<string, unknown> };

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The values of a values.yaml in its order. `# -- …` above a key says what it is for and makes it one value, maps included;
 * `# @schema {…}` below that adds to its JSON schema. Maps without such a comment are walked into.
 */
export function valuesIn(text: string): ChartValue[] {
  const comments = commentsIn(text);
  const walk = (value: unknown, path: string[]): ChartValue[] => {
    const comment = comments.get(path.join('.'));
    if (isMap(value) && comment?.description === undefined)
      return Object.entries(value).flatMap(([key, inner]) => walk(inner, [...path, key]));
    return [{ path, value, description: comment?.description ?? '', schema: comment?.schema ?? {} }];
  };
  return walk(parse(text) ?? {}, []);
}

/** The comments by the dotted path of the key right below them. */
function commentsIn(text: string): Map<string, Comments> {
  const found = new Map<string, Comments>();
  const path: string[] = [];
  let above: string[] = [];
  for (const line of text.split('\n')) {
    const [, indent, key] = /^( *)([\w-]+):/.exec(line) ?? [];
    if (indent === undefined || key === undefined) {
      above.push(line);
      continue;
    }
    path.splice(indent.length / 2, path.length, key);
    const comments = read(above);
    if (comments !== undefined) found.set(path.join('.'), comments);
    above = [];
  }
  return found;
}

function read(above: readonly string[]): Comments | undefined {
  const after = (mark: RegExp) => above.map((line) => mark.exec(line)?.[1]).findLast((words) => words !== undefined);
  const description = after(/^ *# -- (.*)$/);
  const schema = after(/^ *# @schema (.*)$/) ?? '{}';
  return description === undefined ? undefined : { description, schema: JSON.parse(schema) as Record<string, unknown> };
}
