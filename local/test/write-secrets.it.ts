import { createPublicKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Owner, writeSecrets } from '../src/compose/write-secrets.ts';
import { renewTokenKey, retireTokenKey } from '../src/keys.ts';

const owners: Owner[] = [
  'keep',
  'agent-manager',
  'orchestrator-service',
  'reasoning-service',
  'collect-agent',
  'postgres',
  'redis',
  'nats',
  'neo4j',
  'gateway',
  'grafana',
];
const now = new Date('2026-03-01T00:00:00Z');
let folder: string;
// One installation for all tests, in their order: its keys take seconds to make.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aetherius-volumes-'));
  for (const owner of owners) mkdirSync(join(folder, owner));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (options: { hosts?: string[]; at?: Date } = {}) =>
  writeSecrets({ folderOf: (owner) => join(folder, owner), hosts: options.hosts ?? [], now: options.at ?? now });
const read = (owner: Owner, file: string) => readFileSync(join(folder, owner, file), 'utf8');

describe('the secrets of an installation', () => {
  it('are given to their owners alone', async () => {
    await write();
    expect(
      Object.fromEntries(owners.slice(1).map((owner) => [owner, readdirSync(join(folder, owner)).sort()])),
    ).toEqual({
      'agent-manager': [
        'access-token.key',
        'access-token.pub',
        'bootstrap-token',
        'ca.crt',
        'issuer.json',
        'nats.creds',
        'redis-url',
      ],
      'orchestrator-service': ['access-token.pub', 'ca.crt', 'nats.creds'],
      'reasoning-service': ['access-token.pub', 'ca.crt', 'nats.creds', 'neo4j-password'],
      'collect-agent': [],
      postgres: ['password'],
      redis: ['redis.conf'],
      nats: ['server.conf', 'tls.crt', 'tls.key'],
      neo4j: ['auth'],
      gateway: ['tls.crt', 'tls.key'],
      grafana: ['password'],
    });
    expect(statSync(join(folder, 'agent-manager', 'bootstrap-token')).mode & 0o777).toBe(0o600);
  });

  it('but for the key of the bus of whoever is to have another, stay the same', async () => {
    const files = () =>
      owners.slice(1, 4).map((owner) => read(owner, 'nats.creds').match(/-----BEGIN USER NKEY SEED-----\n(.*)\n/)?.[1]);
    const [manager, orchestrator, reasoning] = files();
    await writeSecrets({ folderOf: (owner) => join(folder, owner), hosts: [], now, renew: 'reasoning-service' });
    expect(files()).toEqual([manager, orchestrator, expect.not.stringMatching(String(reasoning))]);
    expect(reasoning).toMatch(/^SU/);
  });

  it('stay the same at a later start', async () => {
    await write();
    const files = () => [
      read('agent-manager', 'access-token.key'),
      read('agent-manager', 'bootstrap-token'),
      read('postgres', 'password'),
      read('neo4j', 'auth'),
      read('nats', 'tls.crt'),
    ];
    const first = files();
    await write({ at: new Date('2026-04-01T00:00:00Z') });
    expect(files()).toEqual(first);
  });

  it('get a new certificate from the same authority before the old one ends, or when a name is added', async () => {
    await write();
    const [authority, certificate] = [read('agent-manager', 'ca.crt'), read('nats', 'tls.crt')];
    await write({ hosts: ['bus.example.org'] });
    const named = read('nats', 'tls.crt');
    expect(named).not.toBe(certificate);
    await write({ hosts: ['bus.example.org'], at: new Date('2027-01-15T00:00:00Z') });
    expect(read('nats', 'tls.crt')).not.toBe(named);
    expect(read('agent-manager', 'ca.crt')).toBe(authority);
  });

  it('let the bus speak to nobody in the clear', async () => {
    await write();
    expect(read('nats', 'server.conf')).toContain('cert_file: "/run/aetherius/tls.crt"');
    expect(read('nats', 'server.conf')).toContain('host: 0.0.0.0');
  });

  it('give Redis a limit at which it forgets what goes soonest anyway', async () => {
    await write();
    const given = read('redis', 'redis.conf').split('\n');
    expect(given).toEqual(expect.arrayContaining(['maxmemory 64mb', 'maxmemory-policy volatile-ttl', 'save ""']));
  });

  it('get another key for access tokens, beside which the former one is trusted until it is retired', async () => {
    await write();
    const [former, signed] = [
      read('orchestrator-service', 'access-token.pub'),
      read('agent-manager', 'access-token.key'),
    ];
    renewTokenKey(join(folder, 'keep'));
    await write();
    const both = read('orchestrator-service', 'access-token.pub');
    expect(both.endsWith(former) && both.length > former.length).toBe(true);
    expect(read('agent-manager', 'access-token.pub')).toBe(both);
    expect(read('agent-manager', 'access-token.key')).not.toBe(signed);
    retireTokenKey(join(folder, 'keep'));
    await write();
    const own = createPublicKey(read('agent-manager', 'access-token.key')).export({ type: 'spki', format: 'pem' });
    expect(read('reasoning-service', 'access-token.pub')).toBe(own);
    expect(both).toBe(`${own}${former}`);
  });

  it('are not made anew where the folder has lost one', async () => {
    await write();
    for (const file of ['bootstrap-token', 'neo4j.json', 'nats/keys.json', 'tls/ca.json']) {
      const [path, aside] = [join(folder, 'keep', file), join(folder, 'aside')];
      renameSync(path, aside);
      await expect(write()).rejects.toThrow(`${path} is not there`);
      renameSync(aside, path);
    }
    await write();
  });
});
