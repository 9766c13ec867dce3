import { shapeOf, shapes } from './value-shapes.ts';
import type { ChartValue } from './values-file.ts';

type Schema = { [field: string]: unknown; properties?: Record<string, Schema>; required?: string[] };

/**
 * A JSON schema that takes these values and no others, so that a misspelt one is refused before anything is applied. Helm
 * takes a value out that is null, and what templates then do not find they refuse in words of Go: so nothing may be
 * missing, but for what is empty by itself.
 */
export function schemaOf(title: string, values: readonly ChartValue[]): Schema {
  const root = closed();
  for (const { path, description, schema, value } of values) {
    const place = path.slice(0, -1).reduce(inside, root);
    const word = path.at(-1) ?? '';
    if (!isEmpty(value)) need(place, word);
    properties(place)[word] = {
      ...shapeFor({ word, schema, value }),
      ...(description === '' ? {} : { description }),
      ...schema,
    };
  }
  // A chart that has this one as a part hands its own global values down.
  const global = root.properties?.['global'];
  if (global !== undefined) global['additionalProperties'] = true;
  return { $schema: 'http://json-schema.org/draft-07/schema#', title, ...root, definitions: shapesIn(root) };
}

/** A reference where the shape is all there is to say, because nothing beside a reference counts. */
function shapeFor({ word, schema, value }: { word: string; schema: object; value: unknown }): Schema {
  if ('$ref' in schema) return {};
  const name = shapeOf(word);
  if (name === undefined) return typeOf(value);
  return Object.keys(schema).length === 0 ? { $ref: `#/definitions/${name}` } : { ...shapes[name] };
}

const shapesIn = (schema: Schema): Record<string, Schema> => {
  const used = new Set([...JSON.stringify(schema).matchAll(/#\/definitions\/(\w+)/g)].map(([, name = '']) => name));
  return Object.fromEntries(Object.entries(shapes).filter(([name]) => used.has(name)));
};

const closed = (): Schema => ({ type: 'object', additionalProperties: false, properties: {} });

const isEmpty = (value: unknown): boolean =>
  value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

function need(schema: Schema, word: string): void {
  schema.required ??= [];
  if (!schema.required.includes(word)) schema.required.push(word);
}

const properties = (schema: Schema): Record<string, Schema> => {
  schema.properties ??= {};
  return schema.properties;
};

function inside(schema: Schema, key: string): Schema {
  const known = properties(schema);
  need(schema, key);
  known[key] ??= closed();
  return known[key];
}

function typeOf(value: unknown): Schema {
  if (Array.isArray(value)) return { type: 'array' };
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  return { type: typeof value };
}
