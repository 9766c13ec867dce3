import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createApiClient, serviceEnvironment } from '@aetherius/local';
import { agentSubject, servicePermissions } from '@aetherius/shared/contracts';
import { ensureStreams, openDeadLetters, openNats } from '@aetherius/shared/nats';
import { freePort } from '@aetherius/shared/service';
import {
  anEvent,
  database,
  eventually,
  natsServer,
  needs,
  silentLogger,
  type TestDatabase,
  type TestNatsServer,
} from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { busUserOf } from '../../local/src/cluster-secrets.ts';
import { createNatsAuth } from '../../local/src/nats-auth.ts';
import { root } from '../src/run.ts';

const MANAGER = 'agent-manager';
/** What a manager might do before dead letters could be read and sent again. */
const earlier = (() => {
  const now = servicePermissions(MANAGER);
  const later = ['internal.event.*', 'internal.audit', 'ai.feedback.data'];
  return { ...now, pub: now.pub.filter((subject) => !subject.endsWith('.DEAD') && !later.includes(subject)) };
})();
/** What the documentation says to write into the configuration of a server of one's own. */
const documented =
  /^ {4}include "auth\.conf"\n(?: {4}.*\n)+/m.exec(
    readFileSync(join(root, 'docs/deploy-kubernetes.md'), 'utf8'),
  )?.[0] ?? '';
const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];

needs('postgres', 'nats')('an upgrade whose service has credentials of the version before', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-renewed-'));
  const [kept, mounted] = [join(folder, 'kept'), join(folder, 'mounted')];
  let server: TestNatsServer;
  let store: TestDatabase;
  let manager: ChildProcess | undefined;
  let url = '';
  let said = '';

  /** What the command prints, where a cluster would mount it; gives its words to a person. */
  async function apply(...words: string[]): Promise<string> {
    const script = join(root, 'local/src/secrets-command.ts');
    const child = spawn(process.execPath, [...flags, script, '--folder', kept, ...words]);
    let [list, told] = ['', ''];
    child.stdout.on('data', (chunk) => (list += chunk));
    child.stderr.on('data', (chunk) => (told += chunk));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, code === 0 ? '' : told]).toEqual([0, '']);
    const { items } = JSON.parse(list) as { items: { stringData: Record<string, string> }[] };
    for (const { stringData } of items)
      for (const [name, text] of Object.entries(stringData)) writeFileSync(join(mounted, name), text, { mode: 0o600 });
    return told;
  }

  const token = () =>
    createApiClient({ url, apiToken: readFileSync(join(mounted, 'bootstrap-token'), 'utf8').trim() }).token();
  async function call(method: string, path: string) {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${await token()}` },
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  beforeAll(async () => {
    mkdirSync(mounted);
    await apply();
    server = await natsServer((own) =>
      documented.replace('auth.conf', relative(own, join(mounted, 'auth.conf'))).replaceAll('/var/lib/nats', own),
    );
    const creds = join(mounted, `${MANAGER}.creds`);
    const now = await openNats({ url: server.url, creds, name: MANAGER }, silentLogger());
    await ensureStreams(now);
    const event = anEvent({ cluster_id: 'eu-1' });
    const letter = { message_id: event.id, problem: 'the store was ill', deliveries: 5, at: event.timestamp };
    const data = Buffer.from(JSON.stringify(event)).toString('base64');
    await now.publish(
      'dead.agent-manager',
      { ...letter, subject: agentSubject('eu-1', 'event'), data },
      { id: 'letter' },
    );
    await now.stop();
    const auth = await createNatsAuth(join(kept, 'nats'));
    writeFileSync(creds, readFileSync(await auth.creds(MANAGER, earlier)));

    store = await database({
      schema: 'agent_manager',
      migrations: new URL('../../agent-manager/migrations/', import.meta.url),
    });
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    manager = spawn(process.execPath, [...flags, join(root, MANAGER, 'src/main.ts')], {
      env: serviceEnvironment(process.env, {
        AUTH_PRIVATE_KEY_FILE: join(mounted, 'access-token.key'),
        AETHERIUS_BOOTSTRAP_TOKEN_FILE: join(mounted, 'bootstrap-token'),
        DATABASE_URL: store.url,
        NATS_URL: server.url,
        NATS_CREDS: creds,
        NATS_ISSUER_FILE: join(mounted, 'issuer.json'),
        PUBLIC_URL: url,
        PORT: String(port),
      }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [manager.stdout, manager.stderr]) stream?.on('data', (chunk) => (said += chunk));
    const isReady = async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    await eventually(isReady, { within: 30_000 }).catch((error: unknown) => {
      throw new Error(`${error}\n${said.slice(-3_000)}`);
    });
  }, 90_000);
  afterAll(async () => {
    manager?.kill();
    await server?.stop();
    await store?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has the new rights at its next connection once npm run secrets of the new version was applied', async () => {
    const asked = async () => {
      const creds = join(mounted, `${MANAGER}.creds`);
      const nats = await openNats({ url: server.url, creds, name: MANAGER }, silentLogger());
      const letters = openDeadLetters(nats).newest({ before: undefined, limit: 1 });
      return letters.then(({ length }) => length).finally(() => nats.stop());
    };
    await expect(asked()).rejects.toThrow(/permission/i);
    const key = busUserOf(kept, MANAGER);
    await apply();
    expect([await asked(), busUserOf(kept, MANAGER)]).toEqual([1, key]);
  });

  it('gets the new rights by --renew, without a restart, when its old key is shut out', async () => {
    const refused = await call('GET', '/dead-letters');
    expect(refused).toMatchObject({ status: 503, body: { detail: expect.stringContaining('Users of the bus') } });
    const former = busUserOf(kept, MANAGER) ?? '';
    expect(await call('DELETE', `/bus/users/${former}`)).toMatchObject({ status: 409 });

    const told = await apply('--renew', MANAGER);
    expect(told).toContain(`DELETE /api/v1/bus/users/${former}`);
    expect(await call('DELETE', `/bus/users/${former}`)).toMatchObject({ status: 200, body: { cut_off: true } });
    await eventually(async () => expect((await call('GET', '/dead-letters')).status).toBe(200), { within: 20_000 });
    const [letter] = (await call('GET', '/dead-letters')).body['items'] as { id: string }[];
    expect(await call('POST', `/dead-letters/${letter?.id}/redeliver`)).toMatchObject({ status: 200 });
    expect(manager?.exitCode).toBeNull();
  }, 60_000);
});
