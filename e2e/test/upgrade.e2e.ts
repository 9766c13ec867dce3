import { openHome, withDatabase } from '@aetherius/local';
import { openPool, sql } from '@aetherius/shared/postgres';
import { expect, it } from '@jest/globals';
import { retentionVariables as managerRetention } from '../../agent-manager/src/retention.ts';
import { retentionVariables as orchestratorRetention } from '../../orchestrator-service/src/retention.ts';
import { retentionVariables as reasoningRetention } from '../../reasoning-service/src/retention.ts';
import { executions } from '../src/fleet-checks.ts';
import { onFleet, withHome } from '../src/test-fleet.ts';
import { formerSchemas } from '../src/upgrade/baseline.ts';
import { databaseServices, type FormerSchema, makeFormerSchema, schemaOf } from '../src/upgrade/former-schema.ts';
import { lostRows, putRows } from '../src/upgrade/recorded-rows.ts';

/** The record grows old, and must not be cleared away for that. */
const retention = Object.fromEntries(
  Object.keys({ ...managerRetention, ...orchestratorRetention, ...reasoningRetention }).map((name) => [name, '36500']),
);

/**
 * Tables of what once happened. Others hold what is so just now, which services change as soon as they run, or what has a term
 * of its own (a key, a token, the last hours of a metric), which is over when the record has grown old.
 */
const history = [
  ...['incident', 'progress', 'event', 'bundle', 'audit'],
  ...['blob', 'definition', 'run', 'step', 'write', 'strategy'],
  ...['case_study', 'case_end', 'feedback', 'answered'],
];

/** Makes what a service of the former version left. */
async function leaveBehind(url: string, service: string, former: FormerSchema): Promise<void> {
  const db = await openPool({ url, schema: schemaOf(service), max: 1 });
  try {
    // As the service itself, so that it owns what it will migrate.
    await db.run(sql`set role ${sql.raw(schemaOf(service))}`);
    await makeFormerSchema(db, service, former);
    await putRows(db, former.rows);
  } finally {
    await db.stop();
  }
}

async function missing(url: string, service: string, { rows }: FormerSchema): Promise<string[]> {
  const db = await openPool({ url, schema: schemaOf(service), max: 1 });
  const kept = Object.fromEntries(Object.entries(rows).filter(([table]) => history.includes(table)));
  return lostRows(db, kept).finally(() => db.stop());
}

it('starts every service on the database of the former version, and shows what was in it', async () => {
  const former = Object.entries(formerSchemas());
  expect(former.map(([service]) => service).sort()).toEqual([...databaseServices]);
  await withHome(async (home) => {
    const where = { home: openHome(home), env: process.env };
    await withDatabase(where, async (url) => {
      for (const [service, schema] of former) await leaveBehind(url, service, schema);
    });
    await onFleet(
      home,
      async ({ fleet }) => {
        const known = former.flatMap(([, { rows }]) => rows['incident'] ?? []).map(({ id }) => id);
        const incidents = (await fleet.api.incidents()).map(({ id }) => id);
        expect(known.length).toBeGreaterThan(0);
        expect(incidents).toEqual(expect.arrayContaining(known));
        const runs = former.flatMap(([, { rows }]) => rows['run'] ?? []);
        expect((await executions(fleet)).length).toBe(runs.length);
      },
      retention,
    );
    const lost = await withDatabase(where, async (url) =>
      Promise.all(former.map(([service, schema]) => missing(url, service, schema))),
    );
    expect(lost.flat()).toEqual([]);
    const tables = former.flatMap(([, { rows }]) => Object.keys(rows));
    expect(history.filter((table) => !tables.includes(table))).toEqual([]);
  });
}, 240_000);
