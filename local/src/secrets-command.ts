import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { busUserOf, clusterSecrets, services } from './cluster-secrets.ts';

const USAGE = `usage: npm run --silent secrets -- --folder DIR [--namespace NAME] [--database-url URL] [--renew SERVICE] | kubectl apply -f -

Makes the keys of an installation in DIR, once, and writes the Secrets that the chart "aetherius" asks for.
  --folder DIR         where the keys are kept; guard it and back it up
  --namespace NAME     of the control plane; aetherius unless given
  --database-url URL   postgres://user:password@host:5432/database; without it that of the bundled Postgres
  --renew SERVICE      a new key for the bus for ${services.join(', ')}; standard error says how to shut the old one out`;

const options = {
  folder: { type: 'string' },
  namespace: { type: 'string', default: 'aetherius' },
  'database-url': { type: 'string' },
  renew: { type: 'string' },
} as const;

async function main(): Promise<void> {
  const { folder, namespace, 'database-url': databaseUrl, renew: renewed } = parseArgs({ options }).values;
  if (folder === undefined) throw new Error('--folder is needed');
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace))
    throw new Error(`--namespace: ${namespace} is no name of a namespace`);
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl))
    throw new Error('--database-url: must begin with postgres://');
  const renew = services.find((service) => service === renewed);
  if (renewed !== undefined && renew === undefined)
    throw new Error(`--renew: ${renewed} is none of ${services.join(', ')}`);
  const before = renew === undefined ? undefined : busUserOf(folder, renew);
  if (renew !== undefined && before === undefined)
    throw new Error(`--renew: ${folder} holds no key of ${renew} yet, so there is nothing to renew`);
  const items = await clusterSecrets({
    folder: resolve(folder),
    namespace,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(renew === undefined ? {} : { renew }),
  });
  console.log(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2));
  if (before !== undefined)
    console.error(
      `${renew} has a new key. Two minutes after the Secret is applied, shut the old one out: DELETE /api/v1/bus/users/${before} on agent-manager.`,
    );
}

await main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
});
