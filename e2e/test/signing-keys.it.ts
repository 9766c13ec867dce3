import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { busKeeper, Enrolment, enrolmentStatement } from '@aetherius/shared/contracts';
import {
  claimsOf,
  ensureStreams,
  type Nats,
  openNats,
  type Signer,
  seedOf,
  signedJwt,
  signerOf,
} from '@aetherius/shared/nats';
import { sql } from '@aetherius/shared/postgres';
import { systemClock } from '@aetherius/shared/service';
import { eventually, natsServer, needs, silentLogger, type TestNatsServer } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type BusKeeper, createBusKeeper } from '../../agent-manager/src/enrolment/bus-keeper.ts';
import type { Door } from '../../agent-manager/src/enrolment/enrolment.ts';
import { type Issuer, readIssuer } from '../../agent-manager/src/enrolment/issuer.ts';
import { rig as startRig } from '../../agent-manager/test/rig.ts';
import { askManager } from '../../collect-agent/src/enrolment/ask-manager.ts';
import { type AgentEnrolment, startEnrolment } from '../../collect-agent/src/enrolment/enrolment.ts';
import { clusterSecrets } from '../../local/src/cluster-secrets.ts';

type Agent = { pair: Signer; jwt: string };
/** A manager as far as the bus knows it: what it read at its start, and its own connection. */
type Manager = { issuer: Issuer; keeper: BusKeeper; bus: Nats };

needs('postgres', 'nats')('the signing keys of the bus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-signing-'));
  const [accounts, issuerFile, serviceCreds] = [
    join(folder, 'accounts'),
    join(folder, 'issuer.json'),
    join(folder, 'service.creds'),
  ];
  const log = silentLogger();
  const open: Nats[] = [];
  let server: TestNatsServer;
  let rig: Awaited<ReturnType<typeof startRig>>;
  let admin: string;
  let last: Manager;
  let next: Manager;
  let door: Door;
  let service: Nats;
  let streams: string;
  const agents: Record<string, Agent> = {};
  const enrolments: AgentEnrolment[] = [];

  /** What `npm run secrets` writes, where bus and manager find it at their next start. */
  const applied = async (change: Pick<Parameters<typeof clusterSecrets>[0], 'renew' | 'retire'> = {}) => {
    const [, bus] = await clusterSecrets({ folder: join(folder, 'kept'), namespace: 'aetherius', ...change });
    const {
      'auth.conf': auth = '',
      'issuer.json': issuer = '',
      'agent-manager.creds': creds = '',
    } = bus?.stringData ?? {};
    writeFileSync(join(folder, 'auth.conf'), auth.replace('/data/accounts', accounts));
    writeFileSync(issuerFile, issuer, { mode: 0o600 });
    writeFileSync(serviceCreds, creds, { mode: 0o600 });
  };
  const newManager = async (): Promise<Manager> => {
    const issuer = await readIssuer(issuerFile);
    const { inboxPrefix } = busKeeper;
    const bus = await openNats({ url: server.url, user: issuer.systemUser, name: 'bus-keeper', inboxPrefix }, log);
    open.push(bus);
    const { enrolment: store, now } = rig.manager;
    return { issuer, bus, keeper: createBusKeeper({ db: rig.db, store, issuer, now, nats: bus }) };
  };
  /** A rolling restart that is half way: the next manager answers, and the last one still tells the bus. */
  const rollOn = async () => {
    [last, next] = [next, await newManager()];
    Object.assign(door, next);
  };
  const account = async () => next.bus.requestText(`$SYS.REQ.ACCOUNT.${next.issuer.account}.CLAIMS.LOOKUP`, '', 5_000);
  const call = (method: string, path: string, body?: object) => rig.call(method, path, { token: admin, body });
  const enrol = async (cluster: string, { pair, token }: { pair: Signer; token: string | null }) => {
    const said = { cluster_id: cluster, public_key: pair.publicKey, at: new Date().toISOString(), token };
    const full = { ...said, service_account: null };
    const signature = pair.sign(enrolmentStatement(full)).toString('base64url');
    const { body } = await rig.call('POST', '/api/v1/enroll', { body: { ...full, signature } });
    agents[cluster] = { pair, jwt: Enrolment.parse(body).jwt };
  };
  const letIn = async (cluster: string) => {
    const pair = signerOf(seedOf(randomBytes(32), 'user'), 'user') as Signer;
    const { body } = await call('POST', '/api/v1/clusters', { cluster_id: cluster });
    await enrol(cluster, { pair, token: String(body['token']) });
  };
  /** One that looks after its credentials itself, as the agent does. */
  const liveAgent = async (cluster: string): Promise<Nats> => {
    const { body } = await call('POST', '/api/v1/clusters', { cluster_id: cluster });
    const enrolment = startEnrolment({
      cluster,
      keyFile: join(folder, `${cluster}.nkey`),
      token: async () => String(body['token']),
      serviceAccount: async () => null,
      ask: (request) => askManager(rig.url, request),
      clock: systemClock,
      random: Math.random,
      log,
    });
    enrolments.push(enrolment);
    const nats = await openNats({ ...(await enrolment.wayIn), name: cluster }, log);
    open.push(nats);
    return nats;
  };
  const connect = async (cluster: string): Promise<Nats> => {
    const { pair, jwt } = agents[cluster] as Agent;
    const nats = await openNats({ url: server.url, user: { jwt: () => jwt, signer: () => pair }, name: cluster }, log);
    open.push(nats);
    return nats;
  };
  const stayOut = (cluster: string) => expect(connect(cluster)).rejects.toThrow(/authorization violation/i);
  const path = (key: string) => `/api/v1/bus/signing-keys/${key}`;
  const refusesToRetire = async (own: string) => {
    const viewer = await rig.tokenFor('approver');
    expect((await rig.call('DELETE', path(own), { token: viewer })).status).toBe(403);
    expect((await call('DELETE', path('UABC'))).status).toBe(400);
    expect((await call('DELETE', path(own))).status).toBe(409);
    expect((await call('DELETE', path(next.issuer.account))).status).toBe(404);
  };
  const retire = async (former: string) => {
    const { body } = await call('DELETE', path(former));
    expect(body).toEqual({ public_key: former, retired_at: expect.any(String), cut_off: true });
    await eventually(async () =>
      expect(await rig.db.many(sql`select action, outcome from audit where target = ${former}`)).toEqual([
        { action: 'retire_bus_signing_key', outcome: 'done' },
      ]),
    );
  };
  /** Whoever is connected is so again after a restart. */
  const restarted = async (...connections: Nats[]) => {
    await server.restart();
    await eventually(() => expect(connections.map((each) => each.connected())).not.toContain(false), {
      within: 15_000,
    });
  };

  beforeAll(async () => {
    await applied();
    server = await natsServer((own) => {
      streams = join(own, 'js');
      return `include "${relative(own, join(folder, 'auth.conf'))}"\n`;
    });
    rig = await startRig({
      door: () => {
        door = {
          publicUrl: 'https://aetherius.example.com',
          natsUrls: [server.url],
          ca: null,
          lifetimeSeconds: 3_600,
          chart: 'chart',
          manifests: 'manifests',
        } as Door;
        return door;
      },
    });
    admin = await rig.tokenFor('admin');
    next = await newManager();
    await rollOn();
    service = await openNats({ url: server.url, creds: serviceCreds, name: 'agent-manager' }, log);
    open.push(service);
    await ensureStreams(service);
    for (const cluster of ['east', 'shut-out']) await letIn(cluster);
    expect((await call('DELETE', '/api/v1/clusters/shut-out')).body).toMatchObject({ cut_off: true });
    await stayOut('shut-out');
  }, 120_000);
  afterAll(async () => {
    for (const part of [...enrolments, ...open]) await part.stop();
    await rig?.stop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('that of the account: renewed while agents stay, and retired so that its JWTs never come back', async () => {
    const [east, live] = [await connect('east'), await liveAgent('live')];
    const former = next.issuer.agents.publicKey;
    await applied({ renew: 'account-signing-key' });
    await rollOn();
    const fresh = next.issuer.agents.publicKey;
    await next.keeper.settle();
    const told = await account();
    expect(claimsOf(told).nats.signing_keys).toEqual([former, fresh]);
    for (const { keeper } of [last, next, last]) await keeper.settle();
    expect(await account()).toBe(told);
    await letIn('north');
    expect(claimsOf(agents['north']?.jwt ?? '').iss).toBe(fresh);
    const north = await connect('north');
    await connect('east');
    await stayOut('shut-out');
    expect(east.connected()).toBe(true);

    // The bus starts with the new auth.conf: nothing that it was told is forgotten, before anybody tells it again.
    await restarted(east, north, service, last.bus, next.bus);
    await stayOut('shut-out');
    expect(await account()).toBe(told);

    await refusesToRetire(fresh);
    await retire(former);
    await eventually(() => expect([east.connected(), live.connected()]).toEqual([false, false]));
    // With the lifetime of its credentials hardly begun: it asks the manager because the bus refuses it.
    await eventually(() => expect(live.connected()).toBe(true), { within: 20_000 });
    await stayOut('east');
    expect([north.connected(), service.connected()]).toEqual([true, true]);
    await expect(last.keeper.settle()).rejects.toThrow(/is retired.*way_out: restart agent-manager/);
    expect((await call('GET', '/api/v1/bus/signing-keys')).body).toMatchObject({ own: fresh, trusted: [fresh] });

    await enrol('east', { pair: (agents['east'] as Agent).pair, token: null });
    await connect('east');
    const { pair } = agents['east'] as Agent;
    agents['forged'] = { pair, jwt: signedJwt(last.issuer.agents, claimsOf((agents['east'] as Agent).jwt)) };
    await stayOut('forged');

    // Out for good: with the auth.conf of before, with the one that does not name it, and with a bus that lost what it was told.
    await restarted(north, service, next.bus);
    await stayOut('forged');
    await applied({ retire: 'account-signing-key' });
    await restarted(north, service, next.bus);
    for (const gone of ['forged', 'shut-out']) await stayOut(gone);
    await server.kill();
    rmSync(accounts, { recursive: true });
    await restarted(north, service, next.bus);
    await stayOut('forged');
    await next.keeper.settle();
    await stayOut('shut-out');
    await connect('east');
  }, 120_000);

  it('that of the operator: used when the bus trusts it, and its former one can go when all is signed anew', async () => {
    const east = await connect('east');
    await letIn('late');
    const signer = async () => (await call('GET', '/api/v1/bus/signing-keys')).body['account_signed_by'];
    const former = next.issuer.accounts.publicKey;
    await applied({ renew: 'operator-signing-key' });
    await rollOn();
    await expect(next.keeper.settle()).rejects.toThrow(/does not trust.*way_out: restart the bus/);
    expect((await call('DELETE', '/api/v1/clusters/late')).body).toMatchObject({ cut_off: false });
    expect(await signer()).toBe(former);

    await restarted(east, service, last.bus, next.bus);
    await next.keeper.settle();
    expect(await signer()).toBe(next.issuer.accounts.publicKey);
    const told = await account();
    for (const { keeper } of [last, next]) await keeper.settle();
    expect(await account()).toBe(told);
    for (const gone of ['late', 'shut-out', 'forged']) await stayOut(gone);

    await applied({ retire: 'operator-signing-key' });
    await restarted(east, service, next.bus);
    expect(await account()).toBe(told);
    for (const gone of ['late', 'shut-out', 'forged']) await stayOut(gone);
    await connect('east');
  }, 120_000);

  it('and the user of the manager that tells the bus: the one before is shut out when the bus starts', async () => {
    const { systemUser: user } = next.issuer;
    await applied({ renew: 'bus-keeper' });
    await rollOn();
    expect(next.issuer.systemUser.signer().publicKey).not.toBe(user.signer().publicKey);
    await restarted(service, next.bus);
    const { inboxPrefix } = busKeeper;
    const again = openNats({ url: server.url, user, name: 'bus-keeper', inboxPrefix }, log);
    await expect(again).rejects.toThrow(/authorization violation/i);
    await next.keeper.settle();
    for (const gone of ['late', 'shut-out', 'forged']) await stayOut(gone);
    await connect('east');
  }, 60_000);

  it('and all of them with the identities, on an empty bus: agents come back by their own keys, and no other', async () => {
    const live = await liveAgent('moving');
    await applied({ renew: 'bus-identity' });
    await server.kill();
    for (const volume of [accounts, streams]) rmSync(volume, { recursive: true });
    await server.restart();
    await rollOn();
    await eventually(() => expect([service.connected(), live.connected()]).toEqual([true, true]), { within: 20_000 });
    await ensureStreams(service);
    for (const gone of ['east', 'north', 'late', 'shut-out', 'forged']) await stayOut(gone);
    const { pair } = agents['shut-out'] as Agent;
    await expect(enrol('shut-out', { pair, token: null })).rejects.toThrow();
    await enrol('north', { pair: (agents['north'] as Agent).pair, token: null });
    await connect('north');
  }, 90_000);
});
