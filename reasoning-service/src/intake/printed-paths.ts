import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { inventedName } from '../diagnosis/invented-name.ts';
import { objectsAt, textAt } from '../diagnosis/json-path.ts';
import { isClusterWide } from './kind-names.ts';
import { isObject } from './kubernetes.ts';
import { isObjectName } from './object-name.ts';
import { type Reading, type ReadObject, reading, unreadable } from './reading.ts';
import type { Origin } from './table/read-table.ts';
import { split } from './table/table.ts';
import type { Command } from './transcript.ts';

/** Where a value stood in its object; `*` is each item of a list. */
type Path = readonly (string | number)[];

const MOST_LINES = 20_000;
/** No object that Kubernetes takes has longer lists of what anybody prints. */
const MOST_ITEMS = 64;
const template = /^(jsonpath|custom-columns|go-template)(?:-as-json|-file)?=?/;

/** Whether a command printed values of its own choice, which read like anything. */
export const choosesValues = (command: Command | undefined): command is Command & { output: string } =>
  command?.verb === 'get' && template.test(command.output ?? '');

/** What `-o custom-columns` and simple forms of `-o jsonpath` printed, put back where the values stood; what cannot be is named. */
export function readValues(text: string, origin: Origin & { command: Command & { output: string } }): Reading {
  const { output } = origin.command;
  const rest = output.replace(template, '');
  const bodies = output.startsWith('custom-columns') ? byColumns(rest, text) : byTemplate(rest, text);
  const found = bodies?.map((body) => objectOf(body, origin.command)) ?? [];
  const objects = found.filter((one) => one !== undefined);
  if (objects.length > 0) return reading({ objects });
  const [first = ''] = text.trim().split('\n');
  return unreadable(
    origin.file,
    `what "kubectl get -o ${output.slice(0, 60)}" printed, which begins with "${first.slice(0, 80)}"`,
  );
}

/** `.status.containerStatuses[0].state`, with or without braces; undefined where the path chooses by a condition. */
function pathOf(text: string): Path | undefined {
  const [, inner = ''] = /^\{?\.?(.*?)\}?$/s.exec(text.trim()) ?? [];
  const steps = [...inner.matchAll(/([A-Za-z_][\w-]*)|\['([^']{1,253})'\]|\[(\d{1,3}|\*)\]|\\?\.|(.)/gs)];
  if (steps.some(([, , , , other]) => other !== undefined)) return undefined;
  return steps.flatMap(([, key, quoted, index]) =>
    index === undefined ? (key ?? quoted ?? []) : index === '*' ? '*' : Number(index),
  );
}

function byColumns(columns: string, text: string): JsonObject[] | undefined {
  const asked = columns.split(/,(?=[^,:\s]+:)/).map((one) => one.split(/:(.*)/s));
  const paths = asked.map(([, path = '']) => pathOf(path));
  const lines = text.split('\n', MOST_LINES).filter((line) => line.trim() !== '');
  const isNamed = lines[0]?.trim().split(/\s+/).join(' ') === asked.map(([name = '']) => name).join(' ');
  return (isNamed ? lines.slice(1) : lines).map((line) => {
    const gapped = split(line);
    const cells = gapped.length === paths.length ? gapped : line.trim().split(/\s+/);
    return bodyOf(paths, cells);
  });
}

const whole = /^\{range \.items\[\*\]\}(.*)\{end\}$/s;
const parts = /\{([^{}]*)\}|[^{}]+/gs;

/** A value and the text behind it, up to which it reaches. */
type Place = { path: Path | undefined; until: string };

/** A template of paths and text between them: one object, or a line for each of several. */
function byTemplate(output: string, text: string): JsonObject[] | undefined {
  const inner = whole.exec(output)?.[1] ?? output;
  const places = placesIn(inner);
  if (places === undefined || places.length === 0) return undefined;
  if (inner !== output && places.slice(0, -1).some(({ until }) => until.includes('\n'))) return undefined;
  const answers = inner === output ? [text.trim()] : text.split('\n', MOST_LINES).filter((one) => one.trim() !== '');
  const paths = places.map(({ path }) => path);
  return answers.map((answer) => bodyOf(paths, valuesIn(answer, places)));
}

function placesIn(inner: string): Place[] | undefined {
  const places: Place[] = [];
  for (const [part, path] of inner.matchAll(parts)) {
    const said = path === undefined ? part : quoted(path);
    // A loop within the answer, or text before its first value, is more than is put back here.
    if (!(said === undefined ? opens(places, path ?? '') : ends(places, said))) return undefined;
  }
  return places;
}

/** Two values without a text between them cannot be told apart. */
function opens(places: Place[], path: string): boolean {
  places.push({ path: pathOf(path), until: '' });
  return path.startsWith('.') && !path.startsWith('.items') && places.at(-2)?.until !== '';
}

function ends(places: readonly Place[], said: string): boolean {
  const last = places.at(-1);
  if (last !== undefined) last.until += unescaped(said);
  return last !== undefined;
}

const unescaped = (text: string): string => text.replaceAll('\\n', '\n').replaceAll('\\t', '\t');

const quoted = (text: string): string | undefined => /^"(.*)"$|^'(.*)'$/s.exec(text)?.slice(1).join('');

function valuesIn(answer: string, places: readonly Place[]): string[] {
  let from = 0;
  return places.map(({ until }, at) => {
    // The end of the line behind the last value is gone with the line.
    const end = at === places.length - 1 ? until.replace(/\n$/, '') : until;
    const found = end === '' ? -1 : answer.indexOf(end, from);
    const value = answer.slice(from, found < 0 ? undefined : found);
    from = found < 0 ? answer.length : found + until.length;
    return value.trim();
  });
}

function bodyOf(paths: readonly (Path | undefined)[], cells: readonly string[]): JsonObject {
  const body: JsonObject = {};
  for (const [at, path] of paths.entries()) {
    const cell = cells[at] ?? '';
    if (path === undefined || path.length === 0 || cell === '' || cell === '<none>') continue;
    const each = path.includes('*') ? cell.split(/[ ,]/).filter((one) => one !== '') : [cell];
    for (const [index, one] of each.slice(0, MOST_ITEMS).entries())
      put(
        body,
        path.map((step) => (step === '*' ? index : step)),
        shownValue(one),
      );
  }
  return body;
}

/** What was printed of a value: lists and maps as JSON, all else as it is. */
function shownValue(text: string): Json {
  if (!/^(?:[[{]|\d{1,15}$|true$|false$)/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function put(body: JsonObject, path: Path, value: Json): void {
  const [key, next] = path;
  if (typeof key !== 'string' || key === '__proto__') return;
  if (next === undefined) body[key] = value;
  else if (typeof next === 'string') put(childOf(body, key), path.slice(1), value);
  else if (next < MOST_ITEMS) putItem(itemsOf(body, key, next), path.slice(1), value);
}

function putItem(items: Json[], [index, ...path]: Path, value: Json): void {
  if (typeof index !== 'number') return;
  const item = items[index];
  if (path.length === 0) items[index] = value;
  else if (isObject(item)) put(item, path, value);
}

/** The list below a key, long enough for an item. */
function itemsOf(body: JsonObject, key: string, index: number): Json[] {
  const list = body[key];
  const items: Json[] = Array.isArray(list) ? list : [];
  while (items.length <= index) items.push({});
  body[key] = items;
  return items;
}

function childOf(body: JsonObject, key: string): JsonObject {
  const child = body[key];
  if (isObject(child)) return child;
  const made: JsonObject = {};
  body[key] = made;
  return made;
}

/** The object whose values these are: the one that they name, else the one that was asked for. */
function objectOf(body: JsonObject, { kinds, names, namespace }: Command): ReadObject | undefined {
  const [kind, ...others] = kinds;
  const name = textAt(body, 'metadata.name') ?? (names.length === 1 ? names[0] : undefined);
  if (kind === undefined || others.length > 0 || name === undefined || !isObjectName(kind, name)) return undefined;
  const { metadata, status } = body;
  const values = Object.keys(isObject(metadata) ? metadata : {}).filter((one) => one !== 'name' && one !== 'namespace');
  if (values.length === 0 && Object.keys(body).every((one) => one === 'metadata')) return undefined;
  const space = textAt(body, 'metadata.namespace') ?? namespace ?? undefined;
  const told = isObject(status) ? { ...status, ...statusesOf(status), isPart: true } : { isPart: true };
  return {
    detail: 'described',
    kind,
    name,
    namespace: isClusterWide(kind) ? null : space,
    body: { ...body, status: told },
  };
}

/** Containers of which nothing tells the names are counted. */
const statusesOf = (status: JsonObject): JsonObject =>
  Object.fromEntries(
    ['containerStatuses', 'initContainerStatuses']
      .filter((list) => list in status)
      .map((list) => [
        list,
        objectsAt(status, list).map((one, at) => ({ name: inventedName(at, list.startsWith('init')), ...one })),
      ]),
  );
