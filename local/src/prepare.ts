import { join } from 'node:path';
import { AetheriusError } from '@aetherius/shared/errors';
import { writeDatabaseUrls } from './compose/write-database-urls.ts';
import { writeInvitation } from './compose/write-invitation.ts';
import { type Owner, writeSecrets } from './compose/write-secrets.ts';
import { bootstrapToken, openKeys, renewTokenKey, retireTokenKey } from './keys.ts';

const usage = `usage: prepare.ts secrets | database | passwords | renew-token-key | retire-token-key | invite | token
  secrets    makes the secrets of an installation on its first start and gives each part its own
  database   gives each service its role and schema in the database
  passwords  the same, and everybody a new password there
  renew-token-key   makes another key that signs access tokens; the one before stays good
  retire-token-key  until this
  invite     gives the simulated cluster's agent a token that lets it in
  token      prints the first administrator's API token`;

const VOLUMES = '/volumes';
const MANAGER = 'http://agent-manager:8080';
/** The id of the simulated cluster. */
const DEMO_CLUSTER = 'demo';
const folderOf = (owner: Owner) => join(VOLUMES, owner);

const hosts = (process.env['AETHERIUS_HOSTS'] ?? '')
  .split(',')
  .map((host) => host.trim())
  .filter((host) => host !== '');

const prepareSecrets = () => writeSecrets({ folderOf, hosts, now: new Date() });

const steps: Record<string, () => Promise<void>> = {
  secrets: prepareSecrets,
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
  invite: () => writeInvitation({ folderOf, url: MANAGER, cluster: DEMO_CLUSTER }),
  token: async () => console.log(bootstrapToken(openKeys(folderOf('keep')))),
};

const [step = '', ...more] = process.argv.slice(2);
const run = more.length === 0 ? steps[step] : undefined;
if (run === undefined) {
  console.error(usage);
  process.exit(2);
}
await run().catch((error: unknown) => {
  console.error(error instanceof AetheriusError ? error.message : error);
  process.exitCode = 1;
});
