import { type Enrolment, type EnrolmentRequest, enrolmentStatement } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { signedBy } from '@aetherius/shared/nats';
import { type Db, type Tx, withTransaction } from '@aetherius/shared/postgres';
import { tokenHash } from '../access/api-token.ts';
import type { Trail } from '../audit/trail.ts';
import { agentJwt } from './agent-jwt.ts';
import type { BusKeeper } from './bus-keeper.ts';
import type { EnrolmentStore, KeyRow, Proof } from './enrolment-store.ts';
import type { Issuer } from './issuer.ts';
import { keyRevoked, refused, wrongMoment, wrongToken } from './refusal.ts';
import { accountShown, speaksFor } from './service-account.ts';

/** What the installation gives to let agents in. */
export type Door = {
  issuer: Issuer;
  keeper: BusKeeper;
  /** Where agents reach the manager and the bus. */
  publicUrl: string;
  natsUrls: string[];
  ca: string | null;
  lifetimeSeconds: number;
  chart: string;
  manifests: string;
  registry: string | undefined;
};

type Deps = { db: Db; store: EnrolmentStore; trail: Trail; now: () => Date; door: () => Door };

/** How a request was answered: for the count. */
export type Way = Proof | 'renewal';
export type Admission = { way: Way; enrolment: Enrolment };

/** Lets agents in, and lets those stay that hold a known key. */
export type Admissions = ReturnType<typeof createAdmissions>;

export function createAdmissions({ db, store, trail, now, door }: Deps) {
  const enter = createEntrance({ db, store, trail, now });
  const stay = createStay({ db, store, now });
  return {
    /** The cheap checks come first, and nothing is read for someone who cannot sign. */
    admit: async (request: EnrolmentRequest): Promise<Admission> => {
      const { issuer, natsUrls, ca, lifetimeSeconds } = door();
      const at = now();
      const moment = wrongMoment(request.at, at);
      if (moment !== undefined) throw refused('at', moment);
      if (!signedBy(request.public_key, enrolmentStatement(request), Buffer.from(request.signature, 'base64url')))
        throw refused('signature', 'is not the signature of this statement by this key');
      const expiresAt = new Date(at.getTime() + lifetimeSeconds * 1000);
      const key = await store.key(request.public_key);
      const way = key === undefined ? await enter(request, expiresAt) : await stay(request, key, expiresAt);
      const { cluster_id: cluster, public_key: publicKey } = request;
      const signing = { account: issuer.account, signer: issuer.agents, now: at, expiresAt };
      return {
        way,
        enrolment: {
          jwt: agentJwt({ cluster, publicKey, ...signing }),
          nats_urls: natsUrls,
          ca,
          expires_at: expiresAt.toISOString(),
          lifetime_seconds: lifetimeSeconds,
        },
      };
    },
  };
}

/** A known key stays as long as nobody shut it out. */
const createStay =
  ({ db, store, now }: Pick<Deps, 'db' | 'store' | 'now'>) =>
  async (request: EnrolmentRequest, key: KeyRow, expires_at: Date): Promise<Way> => {
    const { public_key, cluster_id, at: stated_at } = request;
    if (key.cluster_id !== cluster_id) throw refused('cluster_id', 'is not the cluster of this key');
    if (key.revoked_at !== null) throw keyRevoked();
    if (!(await store.renew({ public_key, stated_at, expires_at })))
      throw refused('at', 'is not later than the last statement of this key');
    if (request.service_account !== null) await keepAccount({ db, store, now }, request);
    return 'renewal';
  };

/** A cluster changes the keys that sign its tokens now and then; an agent that is in tells us while it still can. */
async function keepAccount(
  { db, store, now }: Pick<Deps, 'db' | 'store' | 'now'>,
  { cluster_id, service_account }: EnrolmentRequest,
): Promise<void> {
  const shown = service_account && (await accountShown(service_account, now()));
  if (!shown) return;
  await withTransaction(db, async (tx) => {
    const cluster = await store.lock(tx, cluster_id);
    const bound = await store.account(tx, cluster_id);
    const isAnother = bound !== undefined && (bound.issuer !== shown.issuer || bound.subject !== shown.subject);
    // Shut out in the meantime: the account that could let it in again must not come back by this door.
    if (cluster === undefined || cluster.revoked_at !== null || isAnother) return;
    await store.bindAccount(tx, cluster_id, shown, now());
  });
}

/** A new key comes in by the cluster's service account, or else by a one-time token. */
function createEntrance({ db, store, trail, now }: Omit<Deps, 'door'>) {
  const byAccount = async (tx: Tx, { cluster_id, service_account }: EnrolmentRequest): Promise<boolean> => {
    const bound = service_account && (await store.account(tx, cluster_id));
    return bound ? speaksFor(bound, service_account.token, now()) : false;
  };
  const byToken = async (
    tx: Tx,
    { cluster_id: cluster, token, service_account }: EnrolmentRequest,
  ): Promise<boolean> => {
    if (token === null || !(await store.useToken(tx, { hash: tokenHash(token), cluster, at: now() }))) return false;
    const shown = service_account && (await accountShown(service_account, now()));
    if (shown) await store.bindAccount(tx, cluster, shown, now());
    await store.welcomeBack(tx, cluster);
    return true;
  };
  const proofOf = async (tx: Tx, request: EnrolmentRequest): Promise<Proof | undefined> => {
    if ((await store.lock(tx, request.cluster_id)) === undefined) return undefined;
    if (await byAccount(tx, request)) return 'service_account';
    return (await byToken(tx, request)) ? 'token' : undefined;
  };
  const come = (request: EnrolmentRequest, expires_at: Date): Promise<Proof | undefined> =>
    withTransaction(db, async (tx) => {
      const { cluster_id, public_key, at: stated_at } = request;
      const proof = await proofOf(tx, request);
      if (proof === undefined) return undefined;
      if (!(await store.addKey(tx, { public_key, cluster_id, proof, at: now(), stated_at, expires_at })))
        throw refused('at', 'is the moment of a statement that came twice');
      const details = { proof, public_key };
      await trail(tx, { actor: `cluster:${cluster_id}`, action: 'enrol', target: cluster_id, details });
      return proof;
    });
  return async (request: EnrolmentRequest, expiresAt: Date): Promise<Proof> => {
    const proof = await come(request, expiresAt);
    if (proof !== undefined) return proof;
    const { token, service_account } = request;
    if (token !== null) throw refused('token', await misused({ db, store, trail, now }, request, token));
    const hint = service_account === null ? '' : ', and its service account does not speak for this cluster';
    throw refused('public_key', `is not known${hint}; a one-time token is needed`);
  };
}

/** Why a token did not serve; the first time this happens to a real one it is written down. */
async function misused({ db, store, trail, now }: Omit<Deps, 'door'>, request: EnrolmentRequest, token: string) {
  return withTransaction(db, async (tx) => {
    const hash = tokenHash(token);
    const row = await store.token(tx, hash);
    const reason = wrongToken(row, request, now());
    if (row !== undefined && (await store.noteMisuse(tx, hash, now()))) {
      const details = { reason: `its token ${reason}`, public_key: request.public_key };
      const deed = { actor: `cluster:${request.cluster_id}`, action: 'enrol', target: row.cluster_id };
      await trail(tx, { ...deed, outcome: 'denied', details });
    }
    return reason;
  });
}

/** The door, or a refusal that says how to get one. */
export const doorOrRefusal =
  (door: Door | undefined): (() => Door) =>
  () => {
    if (door !== undefined) return door;
    throw errors.unavailable({
      reason: 'this installation lets no agents in by itself',
      way_out: 'set NATS_ISSUER_FILE, or give each agent NATS_URL and NATS_CREDS',
    });
  };
