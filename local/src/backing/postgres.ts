import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceUser } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { type Db, openPool, sql } from '@aetherius/shared/postgres';
import type { Home } from '../home.ts';
import type { Startable } from '../process.ts';
import { keptSecrets } from '../secrets.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { newPassword, startPostgres } from './postgres-server.ts';
import type { Route } from './routes.ts';

/** The database: a URL for each service, as its own role in its own schema, and one with all rights. */
export type Postgres = { urlFor(service: ServiceUser): string; adminUrl: string; process: Startable | undefined };

const DATABASE = 'aetherius';
const services: ServiceUser[] = ['agent-manager', 'orchestrator-service', 'reasoning-service'];

/** The role and the schema of a service carry the same name. */
const schemaOf = (service: ServiceUser): string => service.replaceAll('-', '_');

/** The schemas in which the services keep everything. */
export const schemas: readonly string[] = services.map(schemaOf);

/** Our own server's database, with all rights, where that server runs on this port. */
export const databaseAt = (home: Home, port: number): string =>
  `postgres://aetherius:${keptSecrets(home.secrets, 'postgres')('aetherius', newPassword)}@127.0.0.1:${port}/${DATABASE}`;

/** Takes the database that was named, or starts our own; then makes sure that every service has its place in it. */
export async function providePostgres(route: Route, home: Home): Promise<Postgres> {
  const password = keptSecrets(home.secrets, 'postgres');
  if (route.way === 'url') {
    const urls = await provideSchemas(route.url, password);
    return { ...urls, adminUrl: route.url, process: undefined };
  }
  const binaries = await postgresBinaries(route, home.cache);
  refuseOtherMajor(home.data, binaries.major);
  const server = await startPostgres({
    binaries,
    folder: join(home.data, `postgres-${binaries.major}`),
    password: password('aetherius', newPassword),
    logFile: join(home.logs, 'postgres.log'),
    runFolder: home.run,
  });
  try {
    const adminUrl = await provideDatabase(server.url);
    return { ...(await provideSchemas(adminUrl, password)), adminUrl, process: server.process };
  } catch (error) {
    await server.process.stop();
    throw error;
  }
}

/** Starting empty beside an older version's data would look like a loss of everything. */
function refuseOtherMajor(data: string, major: number): void {
  const present = readdirSync(data).find((name) => /^postgres-\d+$/.test(name));
  if (present !== undefined && present !== `postgres-${major}`)
    throw errors.conflict({
      reason: `the data in ${join(data, present)} belongs to another version than ${major}`,
      way_out: 'npm run backup with that version and npm run restore with this one keep it; npm run reset begins anew',
    });
}

async function withPool<T>(url: string, run: (db: Db) => Promise<T>): Promise<T> {
  const db = await openPool({ url, schema: 'public', max: 1 });
  try {
    return await run(db);
  } finally {
    await db.stop();
  }
}

async function provideDatabase(url: string): Promise<string> {
  await withPool(url, async (db) => {
    const there = await db.maybe(sql`select 1 from pg_database where datname = ${DATABASE}`);
    if (there === undefined) await db.run(sql`create database ${sql.raw(DATABASE)}`);
  });
  const named = new URL(url);
  named.pathname = `/${DATABASE}`;
  return named.href;
}

type Password = (key: string, make: () => string) => string;

/** Gives each service its own role and schema where the user may make roles, else a schema; tells the address for each. */
export const provideSchemas = (url: string, password: Password): Promise<{ urlFor: Postgres['urlFor'] }> =>
  withPool(url, async (db) => {
    const may = await db.one<{ roles: boolean }>(
      sql`select rolsuper or rolcreaterole as roles from pg_roles where rolname = current_user`,
    );
    const urls = new Map<ServiceUser, string>();
    for (const service of services) {
      if (may.roles)
        urls.set(service, await provideRole(db, { service, url, secret: password(schemaOf(service), newPassword) }));
      else await db.run(sql`create schema if not exists ${sql.raw(schemaOf(service))}`);
    }
    // A user who may not make roles lends its own to every service.
    return { urlFor: (service: ServiceUser) => urls.get(service) ?? url };
  });

type Place = { service: ServiceUser; url: string; secret: string };

async function provideRole(db: Db, { service, url, secret }: Place): Promise<string> {
  const name = sql.raw(schemaOf(service));
  const known = await db.maybe(sql`select 1 from pg_roles where rolname = ${schemaOf(service)}`);
  if (known === undefined) await db.run(sql`create role ${name} login`);
  // Passwords are our own base64url text: statements of this kind take no parameters.
  await db.run(sql`alter role ${name} login password '${sql.raw(secret)}'`);
  await db.run(sql`grant ${name} to current_user`);
  await db.run(sql`create schema if not exists ${name} authorization ${name}`);
  const own = new URL(url);
  own.username = schemaOf(service);
  own.password = secret;
  return own.href;
}
