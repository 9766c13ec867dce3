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

/** The comments by the dotted path of the key below them. */
function commentsIn(text: string): Map<string, Comments> {
  const found = new Map<string, Comments>();
  const path: string[] = [];
  let pending: Partial<Comments> = {};
  for (const line of text.split('\n')) {
    const [, description] = /^ *# -- (.*)$/.exec(line) ?? [];
    const [, schema] = /^ *# @schema (.*)$/.exec(line) ?? [];
    const [, indent, key] = /^( *)([\w-]+):/.exec(line) ?? [];
    if (description !== undefined) pending = { description };
    else if (schema !== undefined) pending.schema = JSON.parse(schema) as Record<string, unknown>;
    else if (indent !== undefined && key !== undefined) {
      path.splice(indent.length / 2, path.length, key);
      if (pending.description !== undefined)
        found.set(path.join('.'), { description: pending.description, schema: pending.schema ?? {} });
      pending = {};
    }
  }
  return found;
}
