import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Server } from 'node:net';
import { join, relative } from 'node:path';
import {
  database,
  eventually,
  natsServer,
  needs,
  type TestDatabase,
  type TestNatsServer,
} from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { root } from '../src/run.ts';
import { central, type Env, expectFailure, file, folder, keys, type Service, startService } from './failing-start.ts';

const mounted = join(folder, 'mounted');
const listening = (server: Server) =>
  new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  );

/** What `npm run secrets` says with these words. */
async function secrets(...words: string[]): Promise<{ code: number | null; out: string; told: string }> {
  const script = join(root, 'local/src/secrets-command.ts');
  const child = spawn(process.execPath, [
    '--conditions=source',
    '--disable-warning=ExperimentalWarning',
    script,
    ...words,
  ]);
  let [out, told] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (told += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, told };
}

/** A bus as `npm run secrets` makes it, where each service has rights of its own. */
async function busWithRights(): Promise<TestNatsServer> {
  mkdirSync(mounted);
  const { items } = JSON.parse((await secrets('--folder', join(folder, 'kept'))).out) as {
    items: { stringData: Record<string, string> }[];
  };
  for (const { stringData } of items)
    for (const [name, text] of Object.entries(stringData)) writeFileSync(join(mounted, name), text, { mode: 0o600 });
  const config = readFileSync(join(mounted, 'auth.conf'), 'utf8').replace('/data/accounts', join(folder, 'accounts'));
  const auth = file('auth.conf', config);
  return natsServer((own) => `include "${relative(own, auth)}"\n`);
}

afterAll(() => rmSync(folder, { recursive: true }));

it('what makes the secrets explains itself when asked to', async () => {
  const { code, out, told } = await secrets('--help');
  expect([code, told]).toEqual([0, '']);
  expect(out).toContain('usage: npm run --silent secrets -- --folder DIR');
});

needs('postgres', 'nats')('a service that was given something wrong', () => {
  const databases: Partial<Record<Service, TestDatabase>> = {};
  let [bus, guarded]: (TestNatsServer | undefined)[] = [];

  beforeAll(async () => {
    bus = await natsServer();
    guarded = await busWithRights();
    for (const service of central)
      databases[service] = await database({
        schema: service.replaceAll('-', '_'),
        migrations: new URL(`../../${service}/migrations/`, import.meta.url),
      });
  }, 60_000);
  afterAll(async () => {
    await bus?.stop();
    await guarded?.stop();
    for (const test of Object.values(databases)) await test.drop();
  });

  const good = (service: Service): Env =>
    service === 'collect-agent'
      ? {
          CLUSTER_ID: 'a',
          NATS_URL: bus?.url ?? '',
          SPOOL_DIR: join(folder, 'spool'),
          KUBE_SERVER: 'http://127.0.0.1:1',
        }
      : { ...keys, DATABASE_URL: databases[service]?.url ?? '', NATS_URL: bus?.url ?? '', PORT: '0' };
  const refused = (service: Service, env: Env, words: readonly string[]) =>
    expectFailure(service, { ...good(service), ...env }, [...words]);

  it.each([
    ['agent-manager', 'orchestrator-service'],
    ['orchestrator-service', 'agent-manager'],
    ['reasoning-service', 'agent-manager'],
  ] as const)('%s with the credentials of %s', (service, other) => {
    const given = { NATS_URL: guarded?.url ?? '', NATS_CREDS: join(mounted, `${other}.creds`) };
    return refused(service, given, [
      'Permissions Violation',
      'way_out: set NATS_CREDS to the credentials file of this',
    ]);
  });

  it('encryption where the bus offers none', () => {
    const url = (bus?.url ?? '').replace('nats:', 'tls:');
    return refused('agent-manager', { NATS_URL: url }, [url, "does not support 'tls'", 'set NATS_URL to nats://']);
  });

  it('files that are none of a key, a token or an issuer', async () => {
    const nonsense = file('nonsense', 'nonsense');
    const [PUBLIC_URL, made] = ['https://a.example', 'npm run secrets makes'];
    const manager = (env: Env, ...words: string[]) => refused('agent-manager', env, [...words, 'way_out: ']);
    await manager({ AUTH_PRIVATE_KEY_FILE: nonsense }, 'must hold an Ed25519 key in PEM', 'openssl genpkey');
    await manager({ AUTH_PRIVATE_KEY_FILE: folder }, `AUTH_PRIVATE_KEY_FILE: ${folder}`, 'cannot be read');
    await manager({ AUTH_PUBLIC_KEY_FILE: nonsense }, `AUTH_PUBLIC_KEY_FILE: ${nonsense}`, 'holds no Ed25519 keys');
    await manager({ AETHERIUS_BOOTSTRAP_TOKEN_FILE: folder }, `AETHERIUS_BOOTSTRAP_TOKEN_FILE: ${folder}`);
    await manager({ NATS_ISSUER_FILE: nonsense, PUBLIC_URL }, `NATS_ISSUER_FILE: ${nonsense}`, 'is no JSON', made);
    await manager(
      { NATS_ISSUER_FILE: file('empty', '{}'), PUBLIC_URL },
      'account: is not set',
      'account_signing_seed: ',
      made,
    );
    const torn = file('torn.crt', '-----BEGIN CERTIFICATE-----\nnone!\n-----END CERTIFICATE-----\n');
    const door = { NATS_ISSUER_FILE: join(mounted, 'issuer.json'), PUBLIC_URL, NATS_CA_FILE: torn };
    const let_in = { NATS_URL: guarded?.url ?? '', NATS_CREDS: join(mounted, 'agent-manager.creds') };
    await manager({ ...door, ...let_in }, `NATS_CA_FILE: ${torn}`, 'certificate 1 in it cannot be read');
    expect((await secrets('--folder', join(folder, 'other'))).code).toBe(0);
    const strange = join(folder, 'other', 'nats', 'issuer.json');
    await manager(
      { ...let_in, NATS_ISSUER_FILE: strange, PUBLIC_URL },
      'uthoriz',
      'set NATS_ISSUER_FILE to the issuer',
    );
    await manager({ DATABASE_PASSWORD_FILE: '/nowhere/password' }, 'DATABASE_PASSWORD_FILE: /nowhere/password');
    // The private half where the public one belongs.
    await refused('orchestrator-service', { AUTH_PUBLIC_KEY_FILE: keys.AUTH_PRIVATE_KEY_FILE }, [
      'AUTH_PUBLIC_KEY_FILE: ',
      'the public half of the key of the agent-manager',
    ]);
  }, 60_000);

  it('a budget, recordings or an address of cases that are none', async () => {
    const reasoning = (env: Env, ...words: string[]) => refused('reasoning-service', env, words);
    const recorded = { LLM_PROVIDER: 'recorded', LLM_RECORDINGS: folder };
    const missing = ['LLM_BUDGET_FILE: /nowhere/budget', 'cannot be read', 'way_out: set LLM_BUDGET_FILE'];
    await reasoning({ ...recorded, LLM_BUDGET_FILE: '/nowhere/budget' }, ...missing);
    // A model that is off today is on tomorrow.
    await reasoning({ LLM_BUDGET_FILE: '/nowhere/budget' }, ...missing);
    const wrong = (name: string, text: string) => ({ ...recorded, LLM_BUDGET_FILE: file(name, text) });
    await reasoning(wrong('budget.yaml', 'limits: 3'), 'budget.yaml', 'limits: ', 'way_out: ');
    await reasoning(wrong('torn.yaml', 'a: [1\nb: {'), 'torn.yaml', 'it is no YAML', 'way_out: ');
    await reasoning({ ...recorded, LLM_RECORDINGS: '/nowhere/recordings' }, 'LLM_RECORDINGS: /nowhere/recordings');
    await reasoning({ NEO4J_URI: 'http://graph:7474' }, 'NEO4J_URI: must be an address such as neo4j://');
  }, 60_000);

  it('a folder of definitions, a collector, a port or an address that are none', async () => {
    await refused('orchestrator-service', { DEFINITIONS_DIR: '/nowhere/definitions' }, [
      '/nowhere/definitions/workflows: no such folder',
      'set DEFINITIONS_DIR to a folder',
    ]);
    await refused('agent-manager', { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, [
      'OTEL_EXPORTER_OTLP_ENDPOINT: collector:4318',
      'such as http://collector:4318',
    ]);
    for (const PORT of ['80000', 'http'])
      await refused('agent-manager', { PORT }, ['PORT: must be a port, from 1 to 65535', 'way_out: ']);
    await refused('agent-manager', { PORT: '1', LISTEN_HOST: '192.0.2.1' }, [
      'EADDRNOTAVAIL',
      'set PORT and LISTEN_HOST',
    ]);
  }, 60_000);

  it('an address, headers or a number that are none', async () => {
    await refused('orchestrator-service', { NOTIFY_WEBHOOK_URL: 'ftp://h/x' }, [
      'NOTIFY_WEBHOOK_URL: must be an http:// or https:// address',
    ]);
    await refused('agent-manager', { PUBLIC_URL: 'https://a.example.com/base/?x=1', AGENT_JWT_SECONDS: 'abc' }, [
      'PUBLIC_URL: must have no query',
      'AGENT_JWT_SECONDS: must be a number',
    ]);
    const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_HEADERS: 'secret-of-mine' };
    await refused('agent-manager', traced, ['OTEL_EXPORTER_OTLP_HEADERS: header 1 is not name=value', 'way_out: ']);
  }, 60_000);

  it('the schema of another service, and a runbook that is none', async () => {
    const foreign = { DATABASE_URL: databases['agent-manager']?.url ?? '', DATABASE_SCHEMA: 'agent_manager' };
    await refused('orchestrator-service', foreign, [
      'way_out: set DATABASE_SCHEMA to the schema of this service',
      'all tables in agent_manager are of another service',
    ]);
    mkdirSync(join(folder, 'runbooks'));
    file('runbooks/torn.md', 'no front matter');
    // Streams are there only once a manager was.
    const manager = startService('agent-manager', good('agent-manager'));
    const gone = new Promise((resolve) => manager.once('exit', resolve));
    try {
      await refused('reasoning-service', { RUNBOOKS_DIR: join(folder, 'runbooks') }, [
        'file: torn.md',
        'way_out: write it as those in reasoning-service/runbooks',
      ]);
    } finally {
      manager.kill('SIGTERM');
      await gone;
    }
  }, 60_000);

  it('an agent without a way into its cluster', async () => {
    const { KUBE_SERVER: _, ...agent } = good('collect-agent');
    const without = (env: Env, ...words: string[]) =>
      expectFailure('collect-agent', { ...agent, ...env }, [...words, 'way_out: ']);
    const named = 'set KUBECONFIG to a kubeconfig that this process can read';
    await without({ KUBECONFIG: '/nowhere/config' }, '/nowhere/config: does not exist', named);
    const config = file('kubeconfig', 'a: [');
    await without({ KUBECONFIG: config }, config, named);
    await without({ KUBERNETES_SERVICE_HOST: '127.0.0.1' }, 'ca.crt', 'let the pod have its service account');
  }, 60_000);

  it.each([...central, 'collect-agent'] as const)('%s with a slip in the name of a variable', (service) =>
    refused(service, { LOGLEVEL: 'debug' }, ['LOGLEVEL: is not read, LOG_LEVEL is', 'way_out: ']),
  );

  it.each([...central, 'collect-agent'] as const)('%s with a level of its log that there is not', (service) =>
    refused(service, { LOG_LEVEL: 'loud', PORT: 'http' }, ['LOG_LEVEL: must be one of trace, debug', 'PORT: must be']),
  );

  it('a Postgres that is older than what is needed', async () => {
    const target = new URL(databases['agent-manager']?.url ?? '');
    // The real server, which only says another version of itself.
    const asked = `current_setting('server_version_num')`;
    const server = createServer((near) => {
      const far = connect({ host: target.hostname, port: Number(target.port || 5432) });
      near.on('data', (chunk) => {
        const text = chunk.toString('latin1').replace(asked, `'140011'`.padEnd(asked.length));
        far.write(Buffer.from(text, 'latin1'));
      });
      far.pipe(near);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const)
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
    });
    const port = await listening(server);
    const url = new URL(target);
    url.host = `127.0.0.1:${port}`;
    try {
      await refused('agent-manager', { DATABASE_URL: url.href }, [
        'the server is Postgres 14',
        '15 is the oldest',
        'way_out: ',
      ]);
    } finally {
      server.close();
    }
  });

  it('an agent with a file of credentials or a policy that is none', async () => {
    await refused('collect-agent', { NATS_CREDS: '/nowhere/creds' }, ['NATS_CREDS: /nowhere/creds', 'way_out: ']);
    const policy = file('policy.yaml', 'everything: yes');
    await refused('collect-agent', { POLICY_FILE: policy }, [`POLICY_FILE: ${policy}`, 'way_out: ']);
  });

  it('a reasoning-service without its graph works on, and says so in lines without a stack', async () => {
    const manager = startService('agent-manager', good('agent-manager'));
    const gone = new Promise((resolve) => manager.once('exit', resolve));
    const child = startService('reasoning-service', { ...good('reasoning-service'), NEO4J_URI: 'bolt://127.0.0.1:1' });
    const over = new Promise((resolve) => child.once('exit', resolve));
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    try {
      await eventually(async () => expect(said).toContain('"started"'), { within: 60_000 });
      expect(said).toContain('the store of cases does not answer');
      expect(said).toContain('set NEO4J_URI to where it is');
      expect(said).not.toContain('"stack"');
    } finally {
      for (const one of [child, manager]) one.kill('SIGTERM');
      await Promise.all([over, gone]);
    }
  }, 90_000);

  it('an agent without an API server works on, and says so once', async () => {
    let tries = 0;
    const server = createHttpServer((_, answer) => {
      tries += 1;
      answer.writeHead(503).end();
    });
    const env = { ...good('collect-agent'), KUBE_SERVER: `http://127.0.0.1:${await listening(server)}`, PORT: '0' };
    const child = startService('collect-agent', { ...env, LEADER: 'lease' });
    const over = new Promise((resolve) => child.once('exit', resolve));
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    try {
      await eventually(async () => expect(tries).toBeGreaterThan(6), { within: 60_000 });
      const lines = said.split('\n').filter((line) => line.includes('contending for leadership failed'));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain('bring back the API server');
      expect(said).not.toContain('"stack"');
    } finally {
      child.kill('SIGTERM');
      await over;
      server.close();
    }
  }, 90_000);
});
