import { existsSync, readFileSync } from 'node:fs';
import { sql, type Tx } from '@aetherius/shared/postgres';
import { z } from 'zod';
import type { Rows } from './recorded-rows.ts';

const kit = new URL('../../../shared/migrations/', import.meta.url);
/** The services that keep something in Postgres. */
export const databaseServices = ['agent-manager', 'orchestrator-service', 'reasoning-service'] as const;

/** The schema of a service, as it is called without a setting. */
export const schemaOf = (service: string): string => service.replaceAll('-', '_');
/** Where the migrations of a service lie. */
export const migrationsOf = (service: string): URL => new URL(`../../../${service}/migrations/`, import.meta.url);

/** A service's part of a database as a former version left it. */
export const FormerSchema = z.object({
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  tables: z.record(z.string(), z.record(z.string(), z.object({ type: z.string(), filled: z.boolean() }))),
  rows: z.record(z.string(), z.array(z.record(z.string(), z.json()))),
});
export type FormerSchema = Omit<z.infer<typeof FormerSchema>, 'rows'> & { rows: Rows };

/** Makes the current schema what it was after the last migration of the former version, empty. */
export async function makeFormerSchema(tx: Tx, service: string, { migrations }: FormerSchema): Promise<void> {
  await tx.run(
    sql`create table migration (name text primary key, checksum text not null, at timestamptz not null default now())`,
  );
  const inKit = ({ name }: { name: string }) => existsSync(new URL(name, kit));
  // As `migrate` does it: the kit's tables first.
  for (const migration of [...migrations.filter(inKit), ...migrations.filter((one) => !inKit(one))]) {
    const folder = inKit(migration) ? kit : migrationsOf(service);
    await tx.run({ text: readFileSync(new URL(migration.name, folder), 'utf8'), values: [] });
    await tx.run(sql`insert into migration (name, checksum) values (${migration.name}, ${migration.checksum})`);
  }
}
