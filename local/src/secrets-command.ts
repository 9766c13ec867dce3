import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { clusterSecrets } from './cluster-secrets.ts';

const USAGE = `usage: npm run --silent secrets -- --folder DIR [--namespace NAME] [--database-url URL] | kubectl apply -f -

Makes the keys of an installation in DIR, once, and writes the Secrets that the chart "aetherius" asks for.
  --folder DIR         where the keys are kept; guard it and back it up
  --namespace NAME     of the control plane; aetherius unless given
  --database-url URL   postgres://user:password@host:5432/database; without it that of the bundled Postgres`;

const options = {
  folder: { type: 'string' },
  namespace: { type: 'string', default: 'aetherius' },
  'database-url': { type: 'string' },
} as const;

async function main(): Promise<void> {
  const { folder, namespace, 'database-url': databaseUrl } = parseArgs({ options }).values;
  if (folder === undefined) throw new Error('--folder is needed');
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace))
    throw new Error(`--namespace: ${namespace} is no name of a namespace`);
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl))
    throw new Error('--database-url: must begin with postgres://');
  const items = await clusterSecrets({
    folder: resolve(folder),
    namespace,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  });
  console.log(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2));
}

await main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
});
