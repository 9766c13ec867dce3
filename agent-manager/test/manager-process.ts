import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@aetherius/shared/service';
import { database, natsServer } from '@aetherius/shared/testing';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
export const secret = 'aetherius_a-first-token-of-a-test';

/** The service as a process of its own, with its database, bus, key and first token. */
export async function managerProcess() {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-manager-'));
  const [tokenFile, keyFile] = [join(folder, 'token'), join(folder, 'key.pem')];
  const test = await database({ schema: 'agent_manager', migrations: new URL('../migrations/', import.meta.url) });
  const server = await natsServer();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(tokenFile, `${secret}\n`, { mode: 0o600 });
  writeFileSync(keyFile, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
  });
  const start = (changes: Record<string, string> = {}) => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: test.url,
      NATS_URL: server.url,
      PORT: String(port),
      AETHERIUS_BOOTSTRAP_TOKEN_FILE: tokenFile,
      AUTH_PRIVATE_KEY_FILE: keyFile,
      ...changes,
    };
    const child = spawn(process.execPath, ['--conditions=source', main], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        output += data;
      });
    return { child, over: ended(child), output: () => output };
  };
  return {
    start,
    url,
    busUrl: server.url,
    tokenFile,
    signIn: async () => {
      const headers = { authorization: `Bearer ${secret}` };
      const exchange = await fetch(`${url}/api/v1/access/token`, { method: 'POST', headers });
      return (await exchange.json()) as { access_token: string; roles: string[] };
    },
    stop: async () => {
      await server.stop();
      await test.drop();
      rmSync(folder, { recursive: true });
    },
  };
}

const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));
