import { sql, type Tx } from '@aetherius/shared/postgres';

/** A column as whoever writes rows has to know it; `filled` where a row may leave it out. */
export type Column = { type: string; filled: boolean };
/** The columns of each table. */
export type Tables = Record<string, Record<string, Column>>;
/** Where a row of one table names a row of another. */
export type Link = { from: string; columns: string[]; to: string; keys: string[] };

type ColumnRow = { table: string; column: string; type: string; filled: boolean; written: boolean };

/** Tables of the current schema with the columns that a program writes; parts of a table count as the table. */
export async function readTables(tx: Tx): Promise<Tables> {
  const rows = await tx.many<ColumnRow>(sql`
    select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
      not a.attnotnull or a.atthasdef or a.attidentity <> '' as filled, a.attgenerated = '' as written
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attnum > 0 and not a.attisdropped and c.relname <> 'migration'
    order by c.relname, a.attname`);
  const tables: Tables = {};
  for (const { table, column, type, filled, written } of rows) {
    tables[table] ??= {};
    if (written) tables[table][column] = { type, filled };
  }
  return tables;
}

/** The foreign keys of the current schema. */
export const readLinks = (tx: Tx): Promise<Link[]> =>
  tx.many<Link>(sql`
    select f.relname as from, t.relname as to,
      array(select attname::text from unnest(k.conkey) with ordinality u(n, at)
        join pg_attribute on attrelid = k.conrelid and attnum = n order by at) as columns,
      array(select attname::text from unnest(k.confkey) with ordinality u(n, at)
        join pg_attribute on attrelid = k.confrelid and attnum = n order by at) as keys
    from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.connamespace = current_schema()::regnamespace and not f.relispartition
    order by 1, 2`);

/** What a program of the former version could no longer do with the present tables, in words. */
export function brokenFor(former: Tables, present: Tables): string[] {
  return Object.entries(former).flatMap(([table, columns]) => {
    const found = present[table];
    if (found === undefined) return [`table ${table} is gone`];
    const kept = Object.entries(columns).flatMap(([column, { type }]) =>
      changeOf(`${table}.${column}`, type, found[column]),
    );
    const demanded = Object.entries(found)
      .filter(([column, { filled }]) => !filled && (columns[column] === undefined || columns[column].filled))
      .map(([column]) => `${table}.${column} has to be written, and the former version does not know that`);
    return [...kept, ...demanded];
  });
}

function changeOf(name: string, type: string, found: Column | undefined): string[] {
  if (found === undefined) return [`${name} is gone`];
  return found.type === type ? [] : [`${name} was ${type} and is ${found.type}`];
}
