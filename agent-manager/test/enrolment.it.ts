import { generateKeyPairSync } from 'node:crypto';
import {
  agentSubject,
  busKeeper,
  Enrolment,
  type EnrolmentRequest,
  enrolmentStatement,
  Problem,
} from '@aetherius/shared/contracts';
import { type Nats, openNats, type Signer } from '@aetherius/shared/nats';
import { sql } from '@aetherius/shared/postgres';
import { sleep } from '@aetherius/shared/service';
import { eventually, needs, silentLogger } from '@aetherius/shared/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exportJWK, SignJWT } from 'jose';
import { createBusKeeper } from '../src/enrolment/bus-keeper.ts';
import type { Door } from '../src/enrolment/enrolment.ts';
import { newSigner, operatedBus } from './operated-bus.ts';
import { rig as startRig } from './rig.ts';

type Said = Partial<Omit<EnrolmentRequest, 'signature'>>;
const ENROL = '/api/v1/enroll';

/** A cluster's own signing key, and tokens of its agent's service account. */
async function clusterKeys() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] };
  const token = (audience = 'aetherius', subject = 'system:serviceaccount:aetherius-agent:aetherius-agent') =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer('https://kubernetes.default.svc')
      .setSubject(subject)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(privateKey);
  return { jwks, token };
}

needs('postgres', 'nats')('enrolment', () => {
  let rig: Awaited<ReturnType<typeof startRig>>;
  let bus: Awaited<ReturnType<typeof operatedBus>>;
  let keeper: Nats;
  let admin: string;
  const time = { ahead: 0 };
  const clock = { now: () => new Date(Date.now() + time.ahead), monotonic: () => performance.now() };
  const open: Nats[] = [];
  const log = silentLogger();

  beforeAll(async () => {
    bus = await operatedBus();
    keeper = await bus.keeper();
    rig = await startRig({
      clock,
      ownUser: () => bus.manager.signer().publicKey,
      door: ({ db, manager: { enrolment: store, now } }): Door => ({
        issuer: bus.issuer,
        keeper: createBusKeeper({ db, store, issuer: bus.issuer, now, nats: keeper }),
        publicUrl: 'https://aetherius.example.com',
        natsUrls: [bus.server.url],
        ca: null,
        lifetimeSeconds: 3_600,
        chart: 'oci://registry.example.com/aetherius-agent',
        manifests: 'deployments/manifests/overlays/multi-cluster/agent',
        registry: undefined,
      }),
    });
    admin = await rig.tokenFor('admin');
  }, 60_000);
  afterAll(async () => {
    for (const connection of open) await connection.stop();
    await keeper.stop();
    await rig.stop();
    await bus.server.stop();
  });
  beforeEach(() => {
    time.ahead = 0;
  });

  const invite = async (cluster_id: string): Promise<string> =>
    String((await rig.call('POST', '/api/v1/clusters', { token: admin, body: { cluster_id } })).body['token']);
  const statement = (key: Signer, cluster: string, said: Said = {}): EnrolmentRequest => {
    const at = clock.now().toISOString();
    const full = { cluster_id: cluster, public_key: key.publicKey, at, token: null, service_account: null, ...said };
    return { ...full, signature: key.sign(enrolmentStatement(full)).toString('base64url') };
  };
  const enrol = (pair: Signer, cluster: string, said: Said = {}) =>
    rig.call('POST', ENROL, { body: statement(pair, cluster, said) });
  const letIn = async (cluster: string, pair = newSigner('user')) => {
    const { status, body } = await enrol(pair, cluster, { token: await invite(cluster) });
    expect({ status, body }).toMatchObject({ status: 200 });
    return { pair, ...Enrolment.parse(body) };
  };
  const connect = async (cluster: string, { pair, jwt }: { pair: Signer; jwt: string }) => {
    const user = { jwt: () => jwt, signer: () => pair };
    const nats = await openNats({ url: bus.server.url, user, name: cluster }, log);
    open.push(nats);
    return nats;
  };
  /** A busy machine may also be too slow to sign in time; that is no refusal. */
  const stayOut = (cluster: string, key: { pair: Signer; jwt: string }) =>
    eventually(() => expect(connect(cluster, key)).rejects.toThrow(/authorization violation/i));
  const refusal = async (answer: Promise<{ status: number; body: Record<string, unknown> }>) => {
    const { status, body } = await answer;
    const { code, errors = [] } = Problem.parse(body);
    return { status, code, field: errors[0]?.field, message: errors[0]?.message };
  };
  const shutOut = (cluster: string) => rig.call('DELETE', `/api/v1/clusters/${cluster}`, { token: admin });
  const audited = async (target: string) => {
    await eventually(async () => expect(await rig.db.many(sql`select 1 from outbox`)).toEqual([]));
    await sleep(300);
    const rows = await rig.db.many<{ action: string; outcome: string }>(
      sql`select action, outcome from audit where target = ${target} order by seq`,
    );
    return rows.map(({ action, outcome }) => `${action} ${outcome}`);
  };

  it('invites a cluster with a token that is kept as a hash only, and with the commands to paste', async () => {
    const { status, body } = await rig.call('POST', '/api/v1/clusters', {
      token: admin,
      body: { cluster_id: 'invited', display_name: 'Invited' },
    });
    expect(status).toBe(201);
    const token = String(body['token']);
    expect(body['commands']).toEqual({
      helm: `(echo 'clusterName: "invited"'; echo 'url: "https://aetherius.example.com"'; echo 'token: "${token}"') | helm install aetherius-agent oci://registry.example.com/aetherius-agent --namespace aetherius-agent --create-namespace --values -`,
      kubectl: `kubectl apply -k deployments/manifests/overlays/multi-cluster/agent && (echo cluster=invited; echo url='https://aetherius.example.com'; echo token=${token}) | kubectl create secret generic aetherius-agent-enrolment --namespace aetherius-agent --from-env-file=/dev/stdin --dry-run=client --output yaml | kubectl apply --server-side -f -`,
    });
    const stored = JSON.stringify(await rig.db.many(sql`select * from enrolment_token`));
    expect(stored).not.toContain(token);
    const { body: shown } = await rig.call('GET', '/api/v1/clusters/invited', { token: admin });
    expect(shown).toMatchObject({ display_name: 'Invited', agent_status: 'never', revoked_at: null });
  });

  it('is for administrators: nobody else invites or shuts out', async () => {
    const viewer = await rig.tokenFor('responder');
    const body = { cluster_id: 'east' };
    expect((await rig.call('POST', '/api/v1/clusters', { token: viewer, body })).status).toBe(403);
    expect((await rig.call('DELETE', '/api/v1/clusters/east', { token: viewer })).status).toBe(403);
    expect((await rig.call('DELETE', '/api/v1/clusters/unheard-of', { token: admin })).status).toBe(404);
  });

  it('gives credentials that are good for the own cluster alone', async () => {
    const enrolled = await letIn('east');
    expect(Date.parse(enrolled.expires_at) - Date.now()).toBeLessThanOrEqual(3_600_000);
    const agent = await connect('east', enrolled);
    agent.emit(agentSubject('east', 'heartbeat'), {});
    await expect(agent.ask(agentSubject('west', 'register'), {}, 1_000)).rejects.toThrow(/permission/i);
    await expect(agent.ask('$JS.API.INFO', {}, 1_000)).rejects.toThrow(/permission/i);
  });

  it('lets a token in once, however many come with it at the same moment', async () => {
    const token = await invite('raced');
    const all = await Promise.all(Array.from({ length: 12 }, () => enrol(newSigner('user'), 'raced', { token })));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(all.filter(({ status }) => status === 403)).toHaveLength(11);
    expect(await audited('raced')).toEqual(['invite_cluster done', 'enrol done', 'enrol denied']);
  });

  it('renews for the holder of a known key, without a token', async () => {
    const { pair, jwt } = await letIn('renewed');
    time.ahead = 2_400_000;
    const { status, body } = await enrol(pair, 'renewed');
    expect(status).toBe(200);
    expect(body['jwt']).not.toBe(jwt);
    await connect('renewed', { pair, jwt: String(body['jwt']) });
    expect(await rig.metrics.getSingleMetric('aetherius_manager_enrolments_total')?.get()).toMatchObject({
      values: expect.arrayContaining([expect.objectContaining({ labels: { outcome: 'renewal' }, value: 1 })]),
    });
  });

  it('names the field that is at fault', async () => {
    const { pair } = await letIn('faults');
    const other = newSigner('user');
    const token = await invite('faults');
    const long = 'x'.repeat(40_000);
    const tooLate = new Date(Date.now() - 301_000).toISOString();
    const tooEarly = new Date(Date.now() + 301_000).toISOString();
    const foreign = { ...statement(other, 'faults', { token }), signature: statement(pair, 'faults').signature };
    const refusals = {
      unknown_token: enrol(other, 'faults', { token: 'aetherius_enrol_guess' }),
      token_of_another: enrol(other, 'faults', { token: await invite('faults-two') }),
      no_token: enrol(other, 'faults'),
      unknown_cluster: enrol(other, 'nowhere', { token }),
      other_key: rig.call('POST', ENROL, { body: foreign }),
      other_cluster: enrol(pair, 'faults-two', { token }),
      late: enrol(other, 'faults', { token, at: tooLate }),
      early: enrol(other, 'faults', { token, at: tooEarly }),
      no_key: rig.call('POST', ENROL, { body: { ...statement(other, 'faults'), public_key: 'UABC' } }),
      bad_sum: rig.call('POST', ENROL, { body: { ...statement(other, 'faults'), public_key: `U${'A'.repeat(55)}` } }),
      no_cluster: rig.call('POST', ENROL, { body: { ...statement(other, 'faults'), cluster_id: 'a.b' } }),
      oversized: rig.call('POST', ENROL, { body: { ...statement(other, 'faults'), token: long } }),
      no_json: rig.call('POST', ENROL, { body: '{' }),
    };
    const seen = Object.fromEntries(
      await Promise.all(
        Object.entries(refusals).map(async ([name, answer]) => {
          const { status, field } = await refusal(answer);
          return [name, `${status} ${field}`] as const;
        }),
      ),
    );
    expect(seen).toEqual({
      unknown_token: '403 body.token',
      token_of_another: '403 body.token',
      no_token: '403 body.public_key',
      unknown_cluster: '403 body.token',
      other_key: '403 body.signature',
      other_cluster: '403 body.cluster_id',
      late: '403 body.at',
      early: '403 body.at',
      no_key: '400 body.public_key',
      bad_sum: '403 body.signature',
      no_cluster: '400 body.cluster_id',
      oversized: '413 body',
      no_json: '400 body',
    });
  });

  it('answers anything with what is wrong about it, and never breaks', async () => {
    const request = statement(newSigner('user'), 'fuzzed', { token: 'unknown' });
    const anything = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(request)), anything, async (field, value) => {
        const { status, body } = await rig.call('POST', ENROL, { body: { ...request, [field]: value } });
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
        expect(Problem.parse(body).status).toBe(status);
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('takes no statement twice, and no token that is over', async () => {
    const pair = newSigner('user');
    const once = statement(pair, 'replayed', { token: await invite('replayed') });
    expect((await rig.call('POST', ENROL, { body: once })).status).toBe(200);
    expect(await refusal(rig.call('POST', ENROL, { body: once }))).toMatchObject({ status: 403, field: 'body.at' });
    const token = await invite('replayed');
    time.ahead = 3_601_000;
    expect(await refusal(enrol(newSigner('user'), 'replayed', { token }))).toMatchObject({
      field: 'body.token',
      message: expect.stringContaining('has expired'),
    });
  });

  it('ends an earlier token that nobody used with the next', async () => {
    const first = await invite('twice');
    const second = await invite('twice');
    expect(await refusal(enrol(newSigner('user'), 'twice', { token: first }))).toMatchObject({ field: 'body.token' });
    expect((await enrol(newSigner('user'), 'twice', { token: second })).status).toBe(200);
  });

  it('lets further agents of a cluster in by its service account, and nobody else', async () => {
    const keys = await clusterKeys();
    const strangers = await clusterKeys();
    const shown = async (of: typeof keys, ...claims: string[]) => ({
      service_account: { token: await of.token(...claims), jwks: of.jwks },
    });
    const first = { token: await invite('pods'), ...(await shown(keys)) };
    expect((await enrol(newSigner('user'), 'pods', first)).status).toBe(200);
    expect((await enrol(newSigner('user'), 'pods', await shown(keys))).status).toBe(200);
    // A used token beside it does no harm: that is how every pod of a release comes.
    expect((await enrol(newSigner('user'), 'pods', { ...(await shown(keys)), token: first.token })).status).toBe(200);
    for (const wrong of [
      await shown(strangers),
      await shown(keys, 'https://kubernetes.default.svc'),
      await shown(keys, 'aetherius', 'system:serviceaccount:shop:default'),
    ])
      expect(await refusal(enrol(newSigner('user'), 'pods', wrong))).toMatchObject({
        status: 403,
        field: 'body.public_key',
      });
    await shutOut('pods');
    expect((await enrol(newSigner('user'), 'pods', await shown(keys))).status).toBe(403);
  });

  it('cuts a cluster off within seconds, keeps it out, and leaves the others alone', async () => {
    const [gone, stays] = [await letIn('gone'), await letIn('stays')];
    const [goneBus, staysBus] = [await connect('gone', gone), await connect('stays', stays)];
    const begun = performance.now();
    const { status, body } = await shutOut('gone');
    expect({ status, body }).toMatchObject({ status: 200, body: { cluster_id: 'gone', keys: 1, cut_off: true } });
    await eventually(() => expect(goneBus.connected()).toBe(false), { within: 5_000 });
    expect(performance.now() - begun).toBeLessThan(5_000);
    await stayOut('gone', gone);
    expect(staysBus.connected()).toBe(true);
    await expect(connect('stays', stays)).resolves.toBeDefined();
    expect(await refusal(enrol(gone.pair, 'gone'))).toMatchObject({ status: 403, code: 'key_revoked' });
    expect(await audited('gone')).toEqual(['invite_cluster done', 'enrol done', 'revoke_cluster done']);

    // The bus comes back without having been told anything: it still knows.
    await bus.server.restart();
    await eventually(() => expect([staysBus.connected(), keeper.connected()]).toEqual([true, true]), {
      within: 15_000,
    });
    await stayOut('gone', gone);

    // A new token and a new key, and the cluster is back; the old key is not.
    const back = await letIn('gone');
    await expect(connect('gone', back)).resolves.toBeDefined();
    await stayOut('gone', gone);
  }, 60_000);

  it('shuts out a user of a service for good, but never its own', async () => {
    const path = (key: string) => `/api/v1/bus/users/${key}`;
    const stolen = bus.newUser('reasoning-service');
    const nats = await openNats({ url: bus.server.url, user: stolen, name: 'reasoning-service' }, log);
    open.push(nats);
    const { publicKey } = stolen.signer();
    expect((await rig.call('DELETE', path(publicKey), { token: await rig.tokenFor('approver') })).status).toBe(403);
    const { status, body } = await rig.call('DELETE', path(publicKey), { token: admin });
    expect({ status, body }).toMatchObject({ status: 200, body: { public_key: publicKey, cut_off: true } });
    await eventually(() => expect(nats.connected()).toBe(false), { within: 5_000 });
    await stayOut('reasoning-service', { pair: stolen.signer(), jwt: stolen.jwt() });
    expect((await rig.call('DELETE', path(publicKey), { token: admin })).body['revoked_at']).toBe(body['revoked_at']);
    expect(await audited(publicKey)).toEqual(['revoke_bus_user done', 'revoke_bus_user done']);
    const own = await rig.call('DELETE', path(bus.manager.signer().publicKey), { token: admin });
    expect(own).toMatchObject({ status: 409 });
    expect(await refusal(rig.call('DELETE', path('UABC'), { token: admin }))).toMatchObject({
      status: 400,
      field: 'path.public_key',
    });
  });

  it('tells the bus of what it missed, and no longer than it needs to know', async () => {
    const enrolled = await letIn('later');
    const store = rig.manager.enrolment;
    await rig.db.run(sql`update agent_key set revoked_at = now() where cluster_id = 'later'`);
    await createBusKeeper({ db: rig.db, store, issuer: bus.issuer, now: clock.now, nats: keeper }).settle();
    await stayOut('later', enrolled);
    // Once no JWT of the key can be valid any more the bus needs not know it.
    time.ahead = 3_600_000 + 600_000;
    await createBusKeeper({ db: rig.db, store, issuer: bus.issuer, now: clock.now, nats: keeper }).settle();
    const account = await keeper.requestText(`$SYS.REQ.ACCOUNT.${bus.issuer.account}.CLAIMS.LOOKUP`, '', 2_000);
    const { nats } = JSON.parse(Buffer.from(account.split('.')[1] ?? '', 'base64url').toString());
    expect(Object.keys(nats.revocations)).not.toContain(enrolled.pair.publicKey);
  }, 60_000);

  it('gives the user that tells the bus no other right', async () => {
    await expect(keeper.requestText('$SYS.REQ.SERVER.PING', '', 1_000)).rejects.toThrow(/permission/i);
    await expect(keeper.requestText('$SYS.REQ.SERVER.PING.CONNZ', '', 1_000)).rejects.toThrow(/permission/i);
    expect(busKeeper.permissions.pub).toHaveLength(3);
  });
});
