import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNatsAuth, serviceEnvironment, startNatsServer } from '@aetherius/local';
import { servicePermissions } from '@aetherius/shared/contracts';
import { freePort } from '@aetherius/shared/service';
import { database } from '../../shared/src/testing/database.ts';
import { eventually } from '../../shared/src/testing/eventually.ts';
import { runCommand } from '../cluster/command.ts';
import { root } from './run.ts';

/** A process of ours, and how it says it is. */
export type Part = {
  url: string;
  health(): Promise<Record<string, string>>;
  /** What it wrote last, for the message of a failure. */
  lastWords(): string;
  stop(): Promise<void>;
};

/** The agent-manager on a bus that speaks TLS only, as clusters elsewhere meet it. */
export type ControlPlane = {
  /** Where manager and bus listen on loopback. */
  ports: { manager: number; bus: number };
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Starts an agent that knows nothing but where the manager is, its cluster and a token. */
  agent(cluster: string, env: Record<string, string>): Promise<Part>;
  metric(name: string): Promise<string[]>;
  stop(): Promise<void>;
};

const JWT_SECONDS = 30;

/** By which names clusters reach manager and bus, where that is not loopback. */
export type Outside = { managerUrl: string; busUrl: string; busName: string };

/** Starts the control plane in a folder of its own; what is up already is taken down when the rest does not come. */
export async function startControlPlane(folder: string, outside?: Outside): Promise<ControlPlane> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  const keep = <P extends { stop(): Promise<unknown> }>(part: P): P => {
    stops.push(() => part.stop());
    return part;
  };
  try {
    const { manager, secret, bus } = await startManager({ folder, keep, outside });
    return {
      ports: { manager: portOf(manager.url), bus: portOf(bus.url) },
      call: await caller(manager.url, secret),
      agent: async (cluster, env) => {
        const spool = join(folder, `spool-${cluster}-${stops.length}`);
        const said = { CLUSTER_ID: cluster, ENROL_URL: manager.url, SPOOL_DIR: spool, LEADER: 'lease', ...env };
        return keep(startPart(folder, 'collect-agent', await freePort(), said));
      },
      metric: async (name) =>
        (await (await fetch(`${manager.url}/metrics`)).text()).split('\n').filter((line) => line.startsWith(name)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Keep = <P extends { stop(): Promise<unknown> }>(part: P) => P;

type Starting = { folder: string; keep: Keep; outside: Outside | undefined };
type Started = { manager: Part; secret: string; bus: { url: string } };

const portOf = (url: string): number => Number(new URL(url).port);

async function startManager({ folder, keep, outside }: Starting): Promise<Started> {
  const migrations = new URL('../../agent-manager/migrations/', import.meta.url);
  const test = await database({ schema: 'agent_manager', migrations });
  keep({ stop: test.drop });
  const { bus, tls, auth } = await startBus(folder, outside?.busName);
  keep(bus.process);
  const secret = `aetherius_${randomBytes(24).toString('base64url')}`;
  const [tokenFile, keyFile] = [join(folder, 'token'), join(folder, 'key.pem')];
  writeFileSync(tokenFile, secret, { mode: 0o600 });
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const port = await freePort();
  const manager = startPart(folder, 'agent-manager', port, {
    DATABASE_URL: test.url,
    NATS_URL: bus.url,
    NATS_CREDS: await auth.creds('agent-manager', servicePermissions('agent-manager')),
    NATS_ISSUER_FILE: auth.issuerFile,
    NATS_CA_FILE: tls.certFile,
    NODE_EXTRA_CA_CERTS: tls.certFile,
    PUBLIC_URL: outside?.managerUrl ?? `http://127.0.0.1:${port}`,
    ...(outside === undefined ? {} : { NATS_PUBLIC_URL: outside.busUrl }),
    AGENT_JWT_SECONDS: String(JWT_SECONDS),
    AETHERIUS_BOOTSTRAP_TOKEN_FILE: tokenFile,
    AUTH_PRIVATE_KEY_FILE: keyFile,
  });
  keep(manager);
  await eventually(async () => expectReady(manager, await manager.health().catch(() => ({ http: 'away' }))), {
    within: 60_000,
  });
  return { manager, secret, bus };
}

async function startBus(folder: string, name = 'bus') {
  const tls = { certFile: join(folder, 'bus.crt'), keyFile: join(folder, 'bus.key') };
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=bus', '-addext', `subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:${name}`];
  await runCommand('openssl', ['req', '-x509', ...curve, ...names, '-keyout', tls.keyFile, '-out', tls.certFile]);
  const auth = await createNatsAuth(join(folder, 'keys'));
  const binary = process.env['AETHERIUS_NATS_SERVER'] ?? '';
  const place = { folder: join(folder, 'nats'), logFile: join(folder, 'nats.log'), runFolder: folder };
  return { auth, tls, bus: await startNatsServer({ binary, trust: auth.trust, tls, ...place }) };
}

function startPart(folder: string, name: string, port: number, env: Record<string, string>): Part {
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', join(root, name, 'src/main.ts')];
  const base = { PORT: String(port), LISTEN_HOST: '127.0.0.1' };
  const file = join(folder, `${name}-${port}.log`);
  const log = openSync(file, 'a');
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: serviceEnvironment(process.env, { ...base, ...env }),
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    health: async () => ((await (await fetch(`${url}/health`)).json()) as { parts: Record<string, string> }).parts,
    lastWords: () => readFileSync(file, 'utf8').slice(-3_000),
    stop: () => ended(child),
  };
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });

function expectReady(part: Part, parts: Record<string, string>): void {
  const ill = Object.entries(parts).filter(([, state]) => state !== 'ok');
  if (ill.length > 0) throw new Error(`not ready: ${JSON.stringify(ill)}\n${part.lastWords()}`);
}

async function caller(url: string, secret: string): Promise<ControlPlane['call']> {
  const headers = { authorization: `Bearer ${secret}` };
  const exchange = await fetch(`${url}/api/v1/access/token`, { method: 'POST', headers });
  const { access_token } = (await exchange.json()) as { access_token: string };
  return async (method, path, body) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
}
