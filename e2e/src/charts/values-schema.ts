import type { ChartValue } from './values-file.ts';

type Schema = { [field: string]: unknown; properties?: Record<string, Schema> };

/** A JSON schema that takes these values and no others, so that a misspelt one is refused before anything is applied. */
export function schemaOf(title: string, values: readonly ChartValue[]): Schema {
  const root = closed();
  for (const { path, description, schema, value } of values) {
    const place = path.slice(0, -1).reduce(inside, root);
    properties(place)[path.at(-1) ?? ''] = {
      ...typeOf(value),
      ...(description === '' ? {} : { description }),
      ...schema,
    };
  }
  // A chart that has this one as a part hands its own global values down.
  const global = root.properties?.['global'];
  if (global !== undefined) global['additionalProperties'] = true;
  return { $schema: 'http://json-schema.org/draft-07/schema#', title, ...root };
}

const closed = (): Schema => ({ type: 'object', additionalProperties: false, properties: {} });

const properties = (schema: Schema): Record<string, Schema> => {
  schema.properties ??= {};
  return schema.properties;
};

function inside(schema: Schema, key: string): Schema {
  const known = properties(schema);
  known[key] ??= closed();
  return known[key];
}

function typeOf(value: unknown): Schema {
  if (Array.isArray(value)) return { type: 'array' };
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  return { type: typeof value };
}
