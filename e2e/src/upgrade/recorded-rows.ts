import type { JsonObject } from '@aetherius/shared/contracts';
import { sql, type Tx } from '@aetherius/shared/postgres';
import { type Link, readLinks, readTables } from './schema-catalog.ts';

/** Rows of each table, tables that others refer to first. */
export type Rows = Record<string, JsonObject[]>;

/** Rows of each table that are taken, besides those that they refer to. */
const TAKEN = 1;

/** Most columns first that hold something. */
const fullest = sql`-(select count(*) from jsonb_each(to_jsonb(t)) where value not in ('null', '[]', '{}'))`;

const quoted = (name: string) => sql.raw(`"${name.replaceAll('"', '""')}"`);

/** One row of every table, with every row that it refers to: the one with the most in it, because what counts is that each column holds something. */
export async function takeRows(tx: Tx): Promise<Rows> {
  const tables = Object.entries(await readTables(tx)).map(([table, columns]) => [table, Object.keys(columns)] as const);
  const links = await readLinks(tx);
  const columnsOf = new Map(tables);
  const taken = new Map<string, Map<string, JsonObject>>(tables.map(([table]) => [table, new Map()]));
  const select = async (table: string, where: ReturnType<typeof sql>) => {
    const found = await tx.many<{ row: JsonObject }>(sql`select to_jsonb(t) as row from ${quoted(table)} t ${where}`);
    return found.map(({ row }) =>
      Object.fromEntries((columnsOf.get(table) ?? []).map((name) => [name, row[name] ?? null])),
    );
  };
  const add = async (table: string, row: JsonObject): Promise<void> => {
    const key = JSON.stringify(row);
    if (taken.get(table)?.has(key)) return;
    taken.get(table)?.set(key, row);
    for (const link of links.filter(({ from }) => from === table)) {
      const names = link.columns.map((column) => row[column] ?? null);
      if (names.includes(null)) continue;
      const wanted = JSON.stringify(Object.fromEntries(link.keys.map((name, at) => [name, names[at] ?? null])));
      for (const parent of await select(link.to, sql`where to_jsonb(t) @> ${wanted}::jsonb`))
        await add(link.to, parent);
    }
  };
  for (const [table] of tables)
    for (const row of await select(table, sql`order by ${fullest}, length(to_jsonb(t)::text) limit ${TAKEN}`))
      await add(table, row);
  const order = parentsFirst([...columnsOf.keys()], links);
  return Object.fromEntries(order.map((table) => [table, [...(taken.get(table)?.values() ?? [])]]));
}

/** Tables in an order in which each comes after those that it refers to. */
export function parentsFirst(tables: readonly string[], links: readonly Link[]): string[] {
  const order: string[] = [];
  const visit = (table: string, path: readonly string[]): void => {
    if (order.includes(table) || path.includes(table)) return;
    for (const { to } of links.filter(({ from }) => from === table)) visit(to, [...path, table]);
    order.push(table);
  };
  for (const table of tables) visit(table, []);
  return order;
}

/** Fills a database with recorded rows as the version wrote them that they were taken from: with the columns that it knew, and no others. */
export async function putRows(tx: Tx, rows: Rows): Promise<void> {
  // Migrations put rows into some tables, and the former version has changed those since.
  for (const table of Object.keys(rows).reverse()) await tx.run(sql`delete from ${quoted(table)}`);
  for (const [table, all] of Object.entries(rows)) {
    const columns = Object.keys(all[0] ?? {});
    if (columns.length === 0) continue;
    const names = sql.raw(columns.map((name) => `"${name}"`).join(', '));
    await tx.run(sql`insert into ${quoted(table)} (${names}) overriding system value
      select ${names} from jsonb_populate_recordset(null::${quoted(table)}, ${JSON.stringify(all)}::jsonb)`);
  }
  await moveNumbers(tx);
}

/** Numbers that the database gives go on behind those that were written. */
async function moveNumbers(tx: Tx): Promise<void> {
  const numbered = await tx.many<{ table: string; column: string }>(sql`
    select c.relname as table, a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and a.attidentity <> ''`);
  for (const { table, column } of numbered)
    await tx.run(sql`select setval(pg_get_serial_sequence(${table}, ${column}),
      (select coalesce(max(${quoted(column)}), 0) + 1 from ${quoted(table)}), false)`);
}

/** Recorded rows that a database no longer has as they were, in words; what has been added to them is no matter. */
export async function lostRows(tx: Tx, rows: Rows): Promise<string[]> {
  const lost: string[] = [];
  for (const [table, all] of Object.entries(rows))
    for (const row of all) {
      const found = await tx.one<{ there: boolean }>(
        sql`select exists (select from ${quoted(table)} t where to_jsonb(t) @> ${JSON.stringify(row)}::jsonb) as there`,
      );
      if (!found.there) lost.push(`${table}: ${JSON.stringify(row).slice(0, 200)}`);
    }
  return lost;
}
