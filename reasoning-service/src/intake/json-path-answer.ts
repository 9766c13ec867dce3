import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { isObject } from './kubernetes.ts';
import { type Reading, reading } from './reading.ts';
import type { Command } from './transcript.ts';

const piece = /\{([^{}]*)\}/g;
const plainPath = /^\.[A-Za-z][\w]*(?:\.[A-Za-z][\w]*)*$/;
const literals: Readonly<Record<string, string>> = { '"\\n"': '\n', '"\\t"': '\t', '" "': ' ' };
/** A longer answer is no answer about one object. */
const MOST_LETTERS = 20_000;
const unsafe = new Set(['__proto__', 'constructor', 'prototype']);

type Template = { paths: string[]; pattern: RegExp };

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** What stands between the fields of a template tells them apart in the answer; loops and filters are left alone. */
function templateOf(text: string): Template | undefined {
  const paths: string[] = [];
  let [pattern, from] = ['', 0];
  for (const found of text.matchAll(piece)) {
    const inner = (found[1] ?? '').trim();
    pattern += escaped(text.slice(from, found.index));
    from = found.index + found[0].length;
    const literal = literals[inner];
    if (literal !== undefined) pattern += escaped(literal);
    else if (plainPath.test(inner)) {
      paths.push(inner.slice(1));
      pattern += '(.*?)';
    } else return undefined;
  }
  return paths.length === 0 || paths.length > 10
    ? undefined
    : { paths, pattern: new RegExp(`^${pattern}${escaped(text.slice(from))}$`, 's') };
}

function parsedValue(text: string): Json {
  if (!/^(?:[[{]|true$|false$|-?\d{1,15}$)/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** An object with one more value at a dotted path. */
function withValue(body: JsonObject, [key = '', ...rest]: readonly string[], value: Json): JsonObject {
  if (unsafe.has(key)) return body;
  const inner = body[key];
  return { ...body, [key]: rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value) };
}

/** What `kubectl get KIND NAME -o jsonpath=…` printed, as the fields of that object; undefined where the template or the answer is another. */
export function readJsonPath(text: string, command: Command | undefined): Reading | undefined {
  const [kind, ...kinds] = command?.kinds ?? [];
  const [name, ...names] = command?.names ?? [];
  const isOne = command?.verb === 'get' && kinds.length === 0 && names.length === 0;
  if (!isOne || kind === undefined || name === undefined || command.jsonPath === undefined) return undefined;
  const answer = text.trim();
  const template = answer.length > MOST_LETTERS ? undefined : templateOf(command.jsonPath.trim());
  const values = template?.pattern.exec(answer)?.slice(1);
  if (template === undefined || values === undefined) return undefined;
  const told = template.paths.flatMap((path, at) => {
    const value = (values[at] ?? '').trim();
    return value === '' ? [] : [{ path: path.split('.'), value: parsedValue(value) }];
  });
  const body = told.reduce((object: JsonObject, { path, value }) => withValue(object, path, value), {
    status: { isPart: true },
  });
  const { namespace } = command;
  return reading({ objects: [{ detail: 'described', kind, namespace: namespace ?? undefined, name, body }] });
}
