import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceEnvironment } from '@aetherius/local';
import { expect } from '@jest/globals';
import { root } from '../src/run.ts';

export type Service = 'agent-manager' | 'orchestrator-service' | 'reasoning-service' | 'collect-agent';
export type Env = Record<string, string>;

export const central = ['agent-manager', 'orchestrator-service', 'reasoning-service'] as const;
export const folder = mkdtempSync(join(tmpdir(), 'aetherius-start-'));
export const file = (name: string, text = '') => {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
};
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
export const keys = {
  AUTH_PRIVATE_KEY_FILE: file('key', String(privateKey.export({ type: 'pkcs8', format: 'pem' }))),
  AUTH_PUBLIC_KEY_FILE: file('pub', String(publicKey.export({ type: 'spki', format: 'pem' }))),
};

const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];

/** A service as a process of its own. */
export const startService = (service: Service, env: Env) =>
  spawn(process.execPath, [...flags, join(root, service, 'src/main.ts')], {
    env: serviceEnvironment(process.env, env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Starts a service that is not meant to come up; gives its exit code and all that it said. */
export function saidBy(service: Service, env: Env): Promise<{ code: number | null; said: string }> {
  const child = startService(service, env);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

const ofCause = (line: string): boolean => line.includes('"fatal"') || line.includes('"stack"') || /^\s+at /.test(line);

/** One line, that says all of this, and a failure of the process; gives all that it said. */
export async function expectFailure(service: Service, env: Env, words: readonly string[]): Promise<string> {
  const { code, said } = await saidBy(service, env);
  const fatal = said.split('\n').filter(ofCause);
  expect({ service, code, lines: fatal.length, fatal: fatal[0] }).toMatchObject({ service, code: 1, lines: 1 });
  for (const word of words) expect(fatal[0]).toContain(word);
  expect(fatal[0]).not.toContain('"stack"');
  expect(said).not.toContain('secret-of-mine');
  return said;
}
