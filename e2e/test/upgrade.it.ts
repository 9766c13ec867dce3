import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { channels, type JsonObject } from '@aetherius/shared/contracts';
import { type Db, migrate, openPool, sql } from '@aetherius/shared/postgres';
import { describeUnless, needs, silentLogger } from '@aetherius/shared/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { combinations } from '../src/charts/combinations.ts';
import { builtHelm, type Installation, render } from '../src/charts/helm.ts';
import { objectsIn } from '../src/charts/objects.ts';
import { root } from '../src/run.ts';
import { formerCharts, formerMessages, formerSchemas } from '../src/upgrade/baseline.ts';
import { databaseServices, makeFormerSchema, migrationsOf } from '../src/upgrade/former-schema.ts';
import { keptIn, refusedChanges } from '../src/upgrade/kept-fields.ts';
import { lostRows, putRows } from '../src/upgrade/recorded-rows.ts';
import { brokenFor, readTables } from '../src/upgrade/schema-catalog.ts';

const log = silentLogger();
const temporary = mkdtempSync(join(tmpdir(), 'aetherius-upgrade-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

needs('postgres')('the database of the former version', () => {
  const open: Db[] = [];
  const schemas: string[] = [];
  /** A schema of its own in the test's server; made here, because `migrate` would make one of the present version. */
  async function emptySchema(): Promise<Db> {
    const schema = `upgrade_${Math.random().toString(36).slice(2, 10)}`;
    const url = process.env['AETHERIUS_TEST_DATABASE_URL'] ?? '';
    const db = await openPool({ url, schema, max: 1 });
    await db.run(sql`create schema ${sql.raw(schema)}`);
    open.push(db);
    schemas.push(schema);
    return db;
  }
  afterEach(async () => {
    for (const [at, db] of open.splice(0).entries()) {
      await db.run(sql`drop schema ${sql.raw(schemas[at] ?? '')} cascade`);
      await db.stop();
    }
    schemas.length = 0;
  });
  const formerOf = (service: string) => {
    const former = formerSchemas()[service];
    if (former === undefined) throw new Error(`nothing is recorded of ${service}`);
    return former;
  };

  describe.each(databaseServices)('%s', (service) => {
    it('is brought up to date by migrations that lose no row and never change what already ran', async () => {
      const db = await emptySchema();
      const former = formerOf(service);
      await makeFormerSchema(db, service, former);
      await putRows(db, former.rows);
      expect(Object.values(former.rows).flat().length).toBeGreaterThan(3);
      await migrate({ db, folder: migrationsOf(service), log });
      expect(await lostRows(db, former.rows)).toEqual([]);
    }, 60_000);

    it('takes what the former version goes on writing while the upgrade is under way', async () => {
      const db = await emptySchema();
      const former = formerOf(service);
      await migrate({ db, folder: migrationsOf(service), log });
      expect(brokenFor(former.tables, await readTables(db))).toEqual([]);
      await putRows(db, former.rows);
      expect(await lostRows(db, former.rows)).toEqual([]);
    }, 60_000);
  });

  it.each([
    ['alter table incident add column grade integer', []],
    ['alter table incident drop column reasons', ['incident.reasons is gone']],
    ['delete from incident where true', []],
  ])(
    'would notice a migration like this: %s',
    async (statement, broken) => {
      const db = await emptySchema();
      const former = formerOf('agent-manager');
      const folder = join(temporary, `migrations-${Math.random().toString(36).slice(2)}`);
      cpSync(migrationsOf('agent-manager'), folder, { recursive: true });
      writeFileSync(join(folder, '9999_next.sql'), `${statement};\n`);
      await makeFormerSchema(db, 'agent-manager', former);
      await putRows(db, former.rows);
      await migrate({ db, folder: pathToFileURL(`${folder}/`), log });
      expect(brokenFor(former.tables, await readTables(db))).toEqual(broken);
      const lost = await lostRows(db, former.rows);
      expect(lost.length > 0).toBe(!statement.includes('add column'));
    },
    60_000,
  );
});

const helm = builtHelm();
describeUnless(helm === undefined ? 'no Helm yet, npm run verify builds it' : undefined)('charts', () => {
  const rendered = async (installation: Installation) => keptIn(objectsIn(await render(helm ?? '', installation)));
  const charts = ['aetherius', 'aetherius-agent'] as const;
  const next: Record<string, string> = {};
  beforeAll(() => {
    for (const chart of charts) {
      const folder = join(temporary, chart);
      cpSync(join(root, 'deployments/charts', chart), folder, { recursive: true });
      const file = join(folder, 'Chart.yaml');
      writeFileSync(file, readFileSync(file, 'utf8').replace(/^(version|appVersion): .*$/gm, '$1: 9.9.9'));
      next[chart] = folder;
    }
  });

  it.each(Object.keys(formerCharts().kept))(
    '%s: takes the values of the former version, and changes nothing that cannot be changed',
    async (name) => {
      const former = formerCharts();
      const installation = combinations[name];
      if (installation === undefined) throw new Error(`nothing in combinations.ts is like "${name}" any more`);
      const { chart } = installation;
      const values = merged(former.values[chart] ?? {}, (installation.values ?? {}) as JsonObject);
      expect(refusedChanges(former.kept[name] ?? {}, await rendered({ ...installation, values }))).toEqual([]);
      expect(
        refusedChanges(await rendered(installation), await rendered({ ...installation, folder: next[chart] })),
      ).toEqual([]);
    },
    60_000,
  );
});

/** What Helm makes of two files of values, the second one on top. */
function merged(under: JsonObject, over: JsonObject): JsonObject {
  const isMap = (value: unknown): value is JsonObject =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const result = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = result[name];
    result[name] = isMap(below) && isMap(value) ? merged(below, value) : value;
  }
  return result;
}

describe('messages between this version and the former one', () => {
  const samples = new URL('../../shared/src/contracts/samples/', import.meta.url);
  const former = formerMessages();

  it.each(Object.keys(former))('%s: what the former version says is understood, and nothing of it is lost', (name) => {
    const channel = channels[name as keyof typeof channels];
    expect(channel.body.parse(former[name]?.sample)).toMatchObject(former[name]?.sample ?? {});
  });

  it.each(Object.keys(former))('%s: what this version says is understood by the former one', (name) => {
    const sample: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, samples), 'utf8'));
    const schema = z.fromJSONSchema(former[name]?.schema as Parameters<typeof z.fromJSONSchema>[0]);
    expect(schema.safeParse(sample).error?.issues ?? []).toEqual([]);
  });

  it('would notice an answer that the former version cannot read', () => {
    const schema = z.fromJSONSchema(former['result']?.schema as Parameters<typeof z.fromJSONSchema>[0]);
    expect(schema.safeParse({ ...former['result']?.sample, status: 'postponed' }).success).toBe(false);
  });
});
