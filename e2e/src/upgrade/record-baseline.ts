import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachSimulated, openHome, withDatabase } from '@aetherius/local';
import { openPool, sql } from '@aetherius/shared/postgres';
import { parse } from 'yaml';
import { until } from '../../chaos/until.ts';
import { combinations } from '../charts/combinations.ts';
import { openHelm, render } from '../charts/helm.ts';
import { objectsIn } from '../charts/objects.ts';
import { root } from '../run.ts';
import { onFleet, repairable, withCluster, withHome } from '../test-fleet.ts';
import { writePart } from './baseline.ts';
import { databaseServices, type FormerSchema, schemaOf } from './former-schema.ts';
import { keptIn } from './kept-fields.ts';
import { takeRows } from './recorded-rows.ts';
import { readTables } from './schema-catalog.ts';

const json = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

async function recordCharts(helm: string): Promise<void> {
  const valuesOf = (chart: string): unknown =>
    parse(readFileSync(join(root, 'deployments/charts', chart, 'values.yaml'), 'utf8'));
  const kept: Record<string, object> = {};
  for (const [name, installation] of Object.entries(combinations))
    kept[name] = keptIn(objectsIn(await render(helm, installation)));
  const charts = ['aetherius', 'aetherius-agent'];
  writePart('charts', {
    version: json('package.json').version,
    values: Object.fromEntries(charts.map((chart) => [chart, valuesOf(chart)])),
    kept,
  });
}

function recordMessages(): void {
  const described = json('docs/api/messages.json') as Record<string, { schema: object }>;
  const entries = Object.entries(described).map(([channel, { schema }]) => [
    channel,
    { sample: json(`shared/src/contracts/samples/${channel}.json`), schema },
  ]);
  writePart('messages', Object.fromEntries(entries));
}

async function schemaAt(url: string, service: string): Promise<FormerSchema> {
  const db = await openPool({ url, schema: schemaOf(service), max: 1 });
  try {
    const migrations = await db.many<{ name: string; checksum: string }>(
      sql`select name, checksum from migration order by name`,
    );
    return { migrations, tables: await readTables(db), rows: await takeRows(db) };
  } finally {
    await db.stop();
  }
}

/** One fault found, explained, repaired and proven: enough for a row in most tables. */
async function recordDatabase(home: string): Promise<void> {
  await onFleet(home, ({ fleet, signal }) =>
    withCluster(async (all) => {
      const cluster = repairable(all, 1);
      await attachSimulated({ fleet, cluster, allowChanges: true, signal });
      for (const fault of cluster.faults) fault.inject();
      await until(
        async () => {
          const states = (await fleet.api.incidents()).map(({ state }) => state);
          return states.length === 0 ? ['no incident yet'] : states.filter((state) => state !== 'resolved');
        },
        { seconds: 300 },
      );
    }),
  );
  await withDatabase({ home: openHome(home), env: process.env }, async (url) => {
    const schemas: Record<string, FormerSchema> = {};
    for (const service of databaseServices) schemas[service] = await schemaAt(url, service);
    writePart('database', schemas);
  });
}

const helm = await openHelm(console.log);
if (helm === undefined) throw new Error('the charts cannot be recorded: Helm is built with Go, which is not here');
await recordCharts(helm);
recordMessages();
await withHome(recordDatabase);
console.log('recorded what this version leaves behind; the next one is tested against it');
