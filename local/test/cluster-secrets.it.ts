import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimsOf, openNats } from '@aetherius/shared/nats';
import { freePort } from '@aetherius/shared/service';
import { eventually, needs, silentLogger } from '@aetherius/shared/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { busUserOf, clusterSecrets, services } from '../src/cluster-secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** With the modes of folders. */
const copy = (from: string, to: string) => execFileSync('cp', ['-a', `${from}/.`, to]);
const wanted = { folder: join(folder, 'kept'), namespace: 'aetherius' };
let first: Awaited<ReturnType<typeof clusterSecrets>>;
let again: typeof first;
// Once for all tests: each time signs a dozen tokens, which takes a second or two.
beforeAll(async () => {
  first = await clusterSecrets(wanted);
  // Tokens hold the second in which they were signed.
  await new Promise((resolve) => setTimeout(resolve, 1_001));
  again = await clusterSecrets({ ...wanted, databaseUrl: 'postgres://u:p@db/x' });
}, 60_000);

describe('the Secrets of an installation', () => {
  it('are made once, and hold what the chart asks for', () => {
    expect(first.map(({ metadata, stringData }) => [metadata.name, Object.keys(stringData).sort()])).toMatchObject([
      ['aetherius-auth', ['access-token.key', 'access-token.pub', 'bootstrap-token']],
      ['aetherius-nats', expect.arrayContaining(['agent-manager.creds', 'auth.conf'])],
      ['aetherius-database', ['password', 'url']],
    ]);
    expect(again[0]).toEqual(first[0]);
    expect(again[1]?.stringData['auth.conf']).toBe(first[1]?.stringData['auth.conf']);
    expect(statSync(wanted.folder).mode & 0o077).toBe(0);
    expect(JSON.stringify(first)).not.toContain('"keys.json"');
  });

  it('give one service a new key for the bus, and leave everything else as it was', async () => {
    const [users, secrets] = [
      () => services.map((service) => busUserOf(wanted.folder, service)),
      () => clusterSecrets(wanted),
    ];
    const [manager, orchestrator, reasoning] = users();
    const renewed = (await clusterSecrets({ ...wanted, renew: 'orchestrator-service' }))[1]?.stringData;
    expect(users()).toEqual([manager, expect.not.stringMatching(String(orchestrator)), reasoning]);
    expect(renewed).toMatchObject({ 'auth.conf': first[1]?.stringData['auth.conf'] });
    expect((await secrets())[1]?.stringData['orchestrator-service.creds']).toContain(
      String(renewed?.['orchestrator-service.creds']?.split('\n')[5]),
    );
  });

  it('keep the account as old as it is while its signing key is replaced, also in a folder of an earlier version', async () => {
    const claimsIn = ([, bus]: typeof first) =>
      [...(bus?.stringData['auth.conf'] ?? '').matchAll(/^ {2}A\w{55}: (\S+)$/gm)]
        .map(([, jwt = '']) => claimsOf(jwt))
        .find(({ nats }) => nats.signing_keys);
    const earlier = { ...wanted, folder: join(folder, 'earlier') };
    copy(wanted.folder, earlier.folder);
    const file = join(earlier.folder, 'nats', 'keys.json');
    const kept = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>);
    const older = kept.filter(([name]) => !name.startsWith('since:'));
    expect(older).toHaveLength(kept.length - 1);
    writeFileSync(file, JSON.stringify(Object.fromEntries(older)));
    const [before, renewed, retired] = [
      claimsIn(first),
      claimsIn(await clusterSecrets({ ...earlier, renew: 'account-signing-key' })),
      claimsIn(await clusterSecrets({ ...earlier, retire: 'account-signing-key' })),
    ];
    const [former, fresh] = [before?.nats.signing_keys?.[0], renewed?.nats.signing_keys?.[0]];
    expect(fresh).not.toBe(former);
    expect(renewed).toMatchObject({ iat: before?.iat, nats: { signing_keys: [fresh, former] } });
    expect(retired).toMatchObject({ iat: before?.iat, nats: { signing_keys: [fresh] } });
  });

  it('bring the bundled bus a certificate for its Service and for the names outside, the same one at every later run', async () => {
    const open = { ...wanted, folder: join(folder, 'open') };
    const named = async (busHosts?: string[]) =>
      (await clusterSecrets({ ...open, ...(busHosts && { busHosts }) })).find(
        ({ metadata }) => metadata.name === 'aetherius-nats-tls',
      );
    expect(await named()).toBeUndefined();
    const one = await named(['bus.example.com']);
    const { 'tls.crt': text = '', 'tls.key': key = '', 'ca.crt': authority = '' } = one?.stringData ?? {};
    expect(one?.type).toBe('kubernetes.io/tls');
    const certificate = new X509Certificate(text);
    expect(certificate.verify(new X509Certificate(authority).publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    const names = ['aetherius-nats.aetherius.svc', 'bus.example.com', 'other.example.com'];
    expect(names.map((name) => certificate.checkHost(name) !== undefined)).toEqual([true, true, false]);
    expect(await named()).toEqual(one);
    const other = await named(['bus.example.com', 'other.example.com']);
    expect(new X509Certificate(other?.stringData['tls.crt'] ?? '').checkHost('other.example.com')).toBeDefined();
    expect(other?.stringData['ca.crt']).toBe(authority);
  }, 60_000);

  it('are of the release that was named last, as its chart calls the bundled servers', async () => {
    const own = { ...wanted, folder: join(folder, 'release'), busHosts: ['bus.example.com'] };
    const hosts = async (release?: string) => {
      const [, , database, bus] = await clusterSecrets({ ...own, ...(release && { release }) });
      const { hostname } = new URL(database?.stringData['url'] ?? '');
      return [hostname, new X509Certificate(bus?.stringData['tls.crt'] ?? '').subjectAltName?.split(', ')[0]];
    };
    const of = (name: string) => [`${name}-postgres.aetherius.svc`, `DNS:${name}-nats.aetherius.svc`];
    expect(await hosts()).toEqual(of('aetherius'));
    expect(await hosts('prod')).toEqual(of('prod-aetherius'));
    expect(await hosts()).toEqual(of('prod-aetherius'));
    expect(await hosts('aetherius-prod')).toEqual(of('aetherius-prod'));
  }, 60_000);

  it('take the address of a database that is there', () => {
    expect(again[2]?.stringData).toEqual({ url: 'postgres://u:p@db/x' });
  });

  it('keep that address in all that comes later', async () => {
    expect((await clusterSecrets(wanted))[2]?.stringData).toEqual({ url: 'postgres://u:p@db/x' });
  });
});

describe('the command', () => {
  const program = ['--conditions=source', join(import.meta.dirname, '../src/secrets-command.ts')];
  const command = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...words], { encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const own = join(folder, 'command');
  const refused = (...words: string[]) => {
    const { status, stdout, stderr } = command('--folder', own, ...words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    return stderr;
  };

  it('refuses what it does not know and what cannot be done, before it changes anything', () => {
    expect(refused('--renew', 'postgres')).toMatch(/--renew: postgres is none of agent-manager, .*account-signing-key/);
    expect(refused('--retire', 'agent-manager')).toMatch(/--retire: agent-manager is none of account-signing-key/);
    expect(refused('--renew', 'account-signing-key', '--retire', 'account-signing-key')).toMatch(/one at a time/);
    expect(refused('--release', 'Prod_1')).toMatch(/--release: Prod_1 is no name of a release/);
    expect(refused('--renew', 'agent-manager')).toMatch(/holds no key of agent-manager yet/);
    expect(refused('--renew', 'bus-keeper')).toMatch(/holds no bus-keeper/);
    expect(refused('--renew', 'bus-identity')).toMatch(/holds no bus-identity/);
    expect(refused('--renew', 'operator-signing-key')).toMatch(/holds no operator-signing-key/);
    expect(refused('--bus-host', 'bus.example.com,10.0.0.1')).toMatch(/--bus-host: 10\.0\.0\.1 is no host name/);
    expect(refused('--bus-host', 'tls://bus.example.com')).toMatch(/tls:\/\/bus\.example\.com is no host name/);
    for (const host of ['a..b', 'a-.example.com'])
      expect(refused('--bus-host', host)).toContain(`--bus-host: ${host} is no host name`);
    expect(refused('--database-url', 'postgres://db/x')).toMatch(/--database-url: names no user/);
    expect(refused('--database-url', 'postgres://u@db/?sslmode=require')).toMatch(/--database-url: names no database/);
    expect(refused('--renew', 'postgres')).toMatch(/^[^\n]+\nnpm run secrets -- --help says how it is used\n$/);
    expect(command('--folder', '').stderr).toMatch(/^--folder is empty/);
    expect(refused('--database-url', '')).toMatch(/^--database-url is empty/);
    expect(existsSync(own)).toBe(false);
  }, 60_000);

  it('reads the address of the database where no list of processes shows it', () => {
    const piped = (input: string, address: string) =>
      spawnSync(process.execPath, [...program, '--folder', join(folder, 'piped'), '--database-url', address], {
        encoding: 'utf8',
        input,
      });
    expect(piped('', '-')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('nothing came') });
    const { stdout, stderr } = piped('postgres://u:hidden@db/x\n', '-');
    expect(stderr).not.toContain('--database-url');
    const { items } = JSON.parse(stdout) as { items: typeof first };
    expect(items.map(({ stringData }) => stringData['url'])).toContain('postgres://u:hidden@db/x');
    expect(piped('', 'postgres://u:hidden@db/x').stderr).toMatch(/everybody on this machine could read the password/);
    expect(piped('', 'postgres://u@db/x').stderr).not.toContain('--database-url');
  }, 60_000);

  it('leaves a damaged key as it is, and sends nobody to take the data of another installation away', () => {
    const damaged = join(folder, 'damaged');
    copy(wanted.folder, damaged);
    for (const [file, text] of [
      ['bus.json', '{bad'],
      ['nats/keys.json', '{"operator":"none"}'],
      ['nats/keys.json', '{}'],
      ['database.json', '{}'],
      ['access-token.key', ''],
      ['access-token.key', String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))],
      ['access-token.pub', ''],
      ['access-token.pub', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'],
      ['bootstrap-token', ''],
      ['bootstrap-token', 'aeth_cut'],
      ['bootstrap-token', `aeth_${'x'.repeat(30)}`],
      ['complete.json', '[]bad'],
    ] as const) {
      writeFileSync(join(damaged, file), text);
      const { status, stdout, stderr } = command('--folder', damaged);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/bring the file back from your backup of this folder, [^\n]*\n$/);
      expect(stderr).toContain(join(damaged, file === 'access-token.key' && text !== '' ? 'access-token.pub' : file));
      expect(stderr).not.toContain('reset');
      expect(readFileSync(join(damaged, file), 'utf8')).toBe(text);
      cpSync(join(wanted.folder, file), join(damaged, file));
    }
    rmSync(join(damaged, 'access-token.key'));
    expect(command('--folder', damaged).stderr).toMatch(/access-token\.key is not there/);
    expect(command('--folder', '/proc/nope').stderr).toContain('folder: /proc/nope');
  }, 60_000);

  it('makes none again that the folder has lost, be it of this version or of one before', async () => {
    const keys = [
      'access-token.key',
      'bootstrap-token',
      'postgres.json',
      'database.json',
      'bus.json',
      'nats/keys.json',
    ];
    const whole = { ...wanted, folder: join(folder, 'whole'), busHosts: ['bus.example.com'] };
    await clusterSecrets(whole);
    const without = async (file: string, ...more: string[]) => {
      const lacking = { ...wanted, folder: mkdtempSync(join(folder, 'lacking-')) };
      copy(whole.folder, lacking.folder);
      for (const gone of [file, ...more]) rmSync(join(lacking.folder, gone));
      const said = await clusterSecrets(lacking).then(() => 'nothing', String);
      expect([file, said]).toEqual([file, expect.stringContaining(`${join(lacking.folder, file)} is not there`)]);
      expect(existsSync(join(lacking.folder, file))).toBe(false);
    };
    for (const file of [...keys, 'tls/ca.json', 'release.json']) await without(file);
    for (const file of [...keys, 'tls/ca.json']) await without(file, 'complete.json');
    await without('tls/ca.json', 'tls/nats.json');
  }, 60_000);

  it('makes again what follows from the keys, and all keys of the bus when that is asked for', async () => {
    const renewed = { ...wanted, folder: join(folder, 'renewed') };
    copy(wanted.folder, renewed.folder);
    rmSync(join(renewed.folder, 'nats', 'issuer.json'));
    rmSync(join(renewed.folder, 'complete.json'));
    const bus = async () => (await clusterSecrets(renewed))[1]?.stringData;
    const before = await bus();
    expect(before).toHaveProperty(['issuer.json']);
    const [after] = (await clusterSecrets({ ...renewed, renew: 'bus-identity' })).slice(1);
    expect(after?.stringData['auth.conf']).not.toBe(before?.['auth.conf']);
    expect((await bus())?.['auth.conf']).toBe(after?.stringData['auth.conf']);
    rmSync(join(renewed.folder, 'nats'), { recursive: true });
    await expect(bus()).rejects.toThrow(`${join(renewed.folder, 'nats/keys.json')} is not there`);
  }, 60_000);

  it('takes up a first run that was cut off', async () => {
    const cut = { ...wanted, folder: join(folder, 'cut') };
    copy(wanted.folder, cut.folder);
    for (const file of ['complete.json', 'bus.json', 'nats', 'bootstrap-token'])
      rmSync(join(cut.folder, file), { recursive: true });
    expect((await clusterSecrets(cut)).length).toBe(3);
  }, 60_000);

  it('puts keys into a folder of their own, and leaves that of others as it is', () => {
    const foreign = join(folder, 'foreign');
    mkdirSync(foreign, { mode: 0o700 });
    writeFileSync(join(foreign, 'letter'), '');
    expect(command('--folder', foreign).stderr).toMatch(/holds other files, such as letter/);
    expect(readdirSync(foreign)).toEqual(['letter']);
    mkdirSync(join(folder, 'blocked'), { mode: 0o700 });
    mkdirSync(join(folder, 'blocked', 'bootstrap-token'));
    expect(command('--folder', join(folder, 'blocked')).stderr).toMatch(/^[^\n]*bootstrap-token[^\n]*EISDIR[^\n]*\n$/);
  }, 60_000);

  it('names a file that the system does not let it write, and what to do', () => {
    const blocked = join(folder, 'unwritable');
    copy(wanted.folder, blocked);
    rmSync(join(blocked, 'nats', 'issuer.json'));
    mkdirSync(join(blocked, 'nats', 'issuer.json'));
    expect(command('--folder', blocked).stderr).toBe(
      `${join(blocked, 'nats', 'issuer.json')} cannot be written: EISDIR. It has to be a file or a folder that this user may read and write: run it as the owner of --folder\n`,
    );
  }, 60_000);

  it('writes the public half of a key again, which follows from the private one', async () => {
    const half = { ...wanted, folder: join(folder, 'half') };
    copy(wanted.folder, half.folder);
    rmSync(join(half.folder, 'access-token.pub'));
    expect((await clusterSecrets(half))[0]).toEqual(first[0]);
  }, 60_000);

  it('runs once at a time in a folder, so that what it answers is what is kept', async () => {
    const twice = { ...wanted, folder: join(folder, 'twice') };
    const [one, other] = await Promise.allSettled([clusterSecrets(twice), clusterSecrets(twice)]);
    expect(other).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('another run') } });
    const kept = await clusterSecrets(twice);
    expect(one).toMatchObject({ status: 'fulfilled', value: [kept[0], expect.anything(), kept[2]] });
  }, 60_000);

  it('says what to do next, and has one former key at a time', () => {
    copy(wanted.folder, own);
    expect(refused('--retire', 'operator-signing-key')).toMatch(/holds no former operator-signing-key/);
    const renewed = command('--folder', own, '--renew', 'operator-signing-key');
    expect(renewed).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('restart the bus, then agent-manager'),
    });
    const former = /than (O\w{55}),/.exec(renewed.stderr)?.[1];
    expect(refused('--renew', 'operator-signing-key')).toContain(`${former}, is still trusted`);
    const retired = command('--folder', own, '--retire', 'operator-signing-key');
    expect(retired).toMatchObject({ status: 0, stderr: expect.stringContaining(`does not trust ${former}`) });
    expect(command('--folder', own, '--renew', 'account-signing-key').stderr).toContain('--retire account-signing-key');
    expect(command('--folder', own, '--retire', 'account-signing-key').stderr).toMatch(/bus\/signing-keys\/A\w{55} /);
  }, 60_000);
});

needs('nats')('a bus with these Secrets', () => {
  it('lets the services in, and nobody without credentials', async () => {
    const port = await freePort();
    const { 'auth.conf': auth = '', 'agent-manager.creds': creds = '' } = first[1]?.stringData ?? {};
    const config = join(folder, 'nats.conf');
    writeFileSync(join(folder, 'auth.conf'), auth.replaceAll('/data/', `${folder}/data/`));
    writeFileSync(join(folder, 'service.creds'), creds);
    writeFileSync(config, `port: ${port}\njetstream { store_dir: ${JSON.stringify(folder)} }\ninclude "auth.conf"\n`);
    const server = spawn(process.env['AETHERIUS_NATS_SERVER'] ?? '', ['--config', config], { stdio: 'ignore' });
    try {
      const open = (creds?: string) =>
        openNats({ url: `nats://127.0.0.1:${port}`, name: 'agent-manager', creds }, silentLogger());
      await eventually(async () => {
        const nats = await open(join(folder, 'service.creds'));
        expect(nats.connected()).toBe(true);
        await nats.stop();
      });
      await expect(open()).rejects.toThrow(/uthoriz/);
    } finally {
      server.kill('SIGTERM');
    }
  }, 60_000);
});
