import { asArray, asNumber, asObject, asString, at, type Json, type JsonObject } from '../../store/json.ts';
import type { KubeObject } from '../../store/kube-object.ts';

/** One column of a printed table; priority 1 shows only in wide output. */
export type Column = {
  name: string;
  type?: 'string' | 'integer';
  format?: string;
  priority?: number;
  cell: (object: KubeObject, now: Date) => Json;
};

const units: [seconds: number, write: (seconds: number) => string][] = [
  [120, (s) => `${s}s`],
  [600, (s) => pair(s, { size: 60, unit: 'm', rest: 's' })],
  [3 * 3600, (s) => `${Math.floor(s / 60)}m`],
  [8 * 3600, (s) => pair(s, { size: 3600, unit: 'h', rest: 'm' })],
  [48 * 3600, (s) => `${Math.floor(s / 3600)}h`],
  [8 * 86_400, (s) => pair(s, { size: 86_400, unit: 'd', rest: 'h' })],
  [2 * 365 * 86_400, (s) => `${Math.floor(s / 86_400)}d`],
];

const restSeconds: { [unit: string]: number } = { s: 1, m: 60, h: 3600 };

function pair(seconds: number, { size, unit, rest }: { size: number; unit: string; rest: string }): string {
  const left = Math.floor((seconds % size) / (restSeconds[rest] ?? 1));
  return `${Math.floor(seconds / size)}${unit}${left === 0 ? '' : `${left}${rest}`}`;
}

/** A span of time in the short form kubectl prints. */
export function shortDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const write = units.find(([below]) => seconds < below)?.[1];
  return write === undefined ? `${Math.floor(seconds / (365 * 86_400))}y` : write(seconds);
}

/** How long ago a wire time was, or <unknown>. */
export function since(time: Json | undefined, now: Date): string {
  const then = Date.parse(asString(time));
  return Number.isNaN(then) ? '<unknown>' : shortDuration(now.getTime() - then);
}

/** A text from a path of the object, or a placeholder. */
export const textAt =
  (path: string, fallback = '<none>') =>
  (object: KubeObject): string =>
    asString(at(object, ...path.split('.'))) || fallback;

/** A number from a path of the object. */
export const numberAt =
  (path: string) =>
  (object: KubeObject): number =>
    asNumber(at(object, ...path.split('.')));

/** The column every table begins with. */
export const nameColumn: Column = { name: 'Name', format: 'name', cell: ({ metadata }) => metadata.name };

/** The column nearly every table ends with. */
export const ageColumn: Column = { name: 'Age', cell: ({ metadata }, now) => since(metadata.creationTimestamp, now) };

/** Labels, or what selects by them, as kubectl writes them. */
export function labelsText(labels: JsonObject): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${asString(value)}`);
  return pairs.length === 0 ? '<none>' : pairs.join(',');
}

/** A label selector in its object form as text. */
export const selectorText = (selector: Json | undefined): string => {
  const expressions = asArray(at(selector, 'matchExpressions')).map((expression) => {
    const { key, operator, values } = asObject(expression);
    return `${asString(key)} ${asString(operator).toLowerCase()} (${asArray(values).map(asString).join(',')})`;
  });
  const labels = labelsText(asObject(at(selector, 'matchLabels')));
  return [...(labels === '<none>' && expressions.length > 0 ? [] : [labels]), ...expressions].join(',');
};

/** The columns that wide output adds for a pod template. */
export const templateColumns: Column[] = [
  { name: 'Containers', priority: 1, cell: (object) => containerFields(object, 'name') },
  { name: 'Images', priority: 1, cell: (object) => containerFields(object, 'image') },
  { name: 'Selector', priority: 1, cell: ({ spec }) => selectorText(spec?.['selector']) },
];

const containerFields = ({ spec }: KubeObject, field: string): string =>
  asArray(at(spec, 'template', 'spec', 'containers'))
    .map((container) => asString(at(container, field)))
    .join(',');
