import { join } from 'node:path';
import type { ServiceUser } from '@aetherius/shared/contracts';
import { AetheriusError, errors } from '@aetherius/shared/errors';
import { busUserOf } from './cluster-secrets.ts';
import { hostsIn, variableProblems } from './compose/given-variables.ts';
import { writeDatabaseUrls } from './compose/write-database-urls.ts';
import { writeInvitation } from './compose/write-invitation.ts';
import { type Owner, services, writeSecrets } from './compose/write-secrets.ts';
import { bootstrapToken, openKeys, renewTokenKey, retireTokenKey } from './keys.ts';

const usage = `usage: prepare.ts secrets | database | passwords | renew-token-key | retire-token-key | renew-bus-user SERVICE | invite | token
  secrets    makes the secrets of an installation on its first start and gives each part its own
  database   gives each service its role and schema in the database
  passwords  the same, and everybody a new password there
  renew-token-key   makes another key that signs access tokens; the one before stays good
  retire-token-key  until this
  renew-bus-user    gives a service another key of the bus, and says how the one before is shut out
  invite     gives the simulated cluster's agent a token that lets it in
  token      prints the first administrator's API token`;

const VOLUMES = '/volumes';
/** Where compose puts files that a person names. */
const SECRETS = '/run/secrets';
const MANAGER = 'http://agent-manager:8080';
/** The id of the simulated cluster. */
const DEMO_CLUSTER = 'demo';
const folderOf = (owner: Owner) => join(VOLUMES, owner);

const prepareSecrets = (renew?: ServiceUser) =>
  writeSecrets({ folderOf, hosts: hostsIn(process.env), now: new Date(), ...(renew === undefined ? {} : { renew }) });

async function renewBusUser(name: string | undefined): Promise<void> {
  const service = services.find((one) => one === name);
  if (service === undefined) throw errors.invalid_input({ service: name ?? 'is missing', one_of: services.join(', ') });
  const before = busUserOf(folderOf('keep'), service);
  await prepareSecrets(service);
  console.log(
    `${service} has a new key and nothing has to be restarted; now shut the old one out: DELETE /api/v1/bus/users/${before} on agent-manager`,
  );
}

const steps: Record<string, (word?: string) => Promise<void>> = {
  secrets: () => {
    const problems = variableProblems(process.env, SECRETS);
    if (Object.keys(problems).length > 0) throw errors.invalid_input(problems);
    return prepareSecrets();
  },
  database: () => writeDatabaseUrls({ folderOf }),
  passwords: async () => {
    await writeDatabaseUrls({ folderOf, renew: true });
    console.log('the administrator and each service have a new password; nothing has to be restarted');
  },
  'renew-token-key': async () => {
    renewTokenKey(folderOf('keep'));
    await prepareSecrets();
    console.log('restart orchestrator-service and reasoning-service now, and agent-manager after them');
  },
  'retire-token-key': async () => {
    retireTokenKey(folderOf('keep'));
    await prepareSecrets();
    console.log('restart agent-manager, orchestrator-service and reasoning-service now');
  },
  'renew-bus-user': renewBusUser,
  invite: () => writeInvitation({ folderOf, url: MANAGER, cluster: DEMO_CLUSTER }),
  token: async () => console.log(bootstrapToken(openKeys(folderOf('keep')))),
};

const [step = '', word, ...more] = process.argv.slice(2);
const run = more.length === 0 && (word === undefined || step === 'renew-bus-user') ? steps[step] : undefined;
if (run === undefined) {
  console.error(usage);
  process.exit(2);
}
await run(word).catch((error: unknown) => {
  console.error(error instanceof AetheriusError ? error.message : error);
  process.exitCode = 1;
});
