/** A statement with its values apart: text never mixes with data. */
export type Query = { readonly text: string; readonly values: readonly unknown[] };

class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const isQuery = (value: unknown): value is Query =>
  typeof value === 'object' && value !== null && 'text' in value && 'values' in value;

/** Objects and arrays of objects travel as jsonb; arrays of scalars as Postgres arrays; everything else as it is. */
function toParameter(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (value instanceof Date || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value))
    return value.some((item) => typeof item === 'object' && item !== null) ? JSON.stringify(value) : value;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function build(strings: TemplateStringsArray, ...inserts: unknown[]): Query {
  const values: unknown[] = [];
  let text = strings[0] ?? '';
  inserts.forEach((insert, index) => {
    if (insert instanceof Raw) text += insert.text;
    else if (isQuery(insert)) {
      const offset = values.length;
      text += insert.text.replace(/\$(\d+)/g, (_, number: string) => `$${Number(number) + offset}`);
      values.push(...insert.values);
    } else text += `$${values.push(toParameter(insert))}`;
    text += strings[index + 1] ?? '';
  });
  return { text, values };
}

/** `` sql`select ${value}` `` makes a Query; queries nest; `sql.raw` is for trusted identifiers only; `sql.json` forces jsonb. */
export const sql = Object.assign(build, {
  raw: (text: string) => new Raw(text),
  json: (value: unknown) => JSON.stringify(value),
  join: (queries: readonly Query[], separator: ' and ' | ', ' | ' or '): Query =>
    queries.reduce<Query>(
      (all, query, index) => (index === 0 ? query : build`${all}${new Raw(separator)}${query}`),
      build`true`,
    ),
});
