import { type Db, sql, type Tx } from '@aetherius/shared/postgres';
import type { TokenRow } from './refusal.ts';
import type { RevokedKey } from './wanted-account.ts';

/** How a key was let in. */
export type Proof = 'token' | 'service_account';
/** A key of an agent as it is kept. */
export type KeyRow = { public_key: string; cluster_id: string; stated_at: string; revoked_at: string | null };
/** The service account that speaks for a cluster, and the keys that its tokens are signed with. */
export type ClusterAccount = { issuer: string; subject: string; jwks: { keys: Record<string, unknown>[] } };

type NewToken = { id: string; cluster_id: string; hash: string; created_by: string; at: Date; expires_at: Date };
type NewKey = { public_key: string; cluster_id: string; proof: Proof; at: Date; stated_at: string; expires_at: Date };
type Renewal = { public_key: string; stated_at: string; expires_at: Date };

/** Tokens, keys and service accounts of the clusters. */
export type EnrolmentStore = ReturnType<typeof createEnrolmentStore>;

export const createEnrolmentStore = (db: Db) => ({
  /** A token for a cluster that may be new; an earlier one that nobody used ends with it. */
  invite: async (tx: Tx, { display_name, ...token }: NewToken & { display_name: string | null }): Promise<void> => {
    const { id, cluster_id, hash, created_by, at, expires_at } = token;
    await tx.run(sql`
      insert into cluster (id, display_name) values (${cluster_id}, ${display_name})
      on conflict (id) do update set display_name = coalesce(excluded.display_name, cluster.display_name)`);
    await tx.run(sql`delete from enrolment_token where cluster_id = ${cluster_id} and used_at is null`);
    await tx.run(sql`
      insert into enrolment_token (id, cluster_id, hash, created_by, created_at, expires_at)
      values (${id}, ${cluster_id}, ${hash}, ${created_by}, ${at}, ${expires_at})`);
  },

  token: (tx: Pick<Tx, 'maybe'>, hash: string): Promise<TokenRow | undefined> =>
    tx.maybe<TokenRow>(sql`
      select token.cluster_id, token.expires_at, token.used_at, cluster.revoked_at is not null as shut_out
        from enrolment_token as token join cluster on cluster.id = token.cluster_id where token.hash = ${hash}`),

  /** Notes that a token was shown where it lets nobody in; true the first time. */
  noteMisuse: async (tx: Tx, hash: string, at: Date): Promise<boolean> =>
    (await tx.run(sql`update enrolment_token set misused_at = ${at} where hash = ${hash} and misused_at is null`)) ===
    1,

  /** Everything that lets in or shuts out a cluster waits here for one another; undefined when there is no such cluster. */
  lock: (tx: Tx, cluster: string): Promise<{ revoked_at: string | null } | undefined> =>
    tx.maybe<{ revoked_at: string | null }>(sql`select revoked_at from cluster where id = ${cluster} for update`),

  /** Uses up a token; of several at once exactly one gets true. */
  useToken: async (tx: Tx, { hash, cluster, at }: { hash: string; cluster: string; at: Date }): Promise<boolean> =>
    (await tx.run(sql`
      update enrolment_token set used_at = ${at}
       where hash = ${hash} and cluster_id = ${cluster} and used_at is null and expires_at > ${at}`)) === 1,

  key: (publicKey: string): Promise<KeyRow | undefined> =>
    db.maybe<KeyRow>(
      sql`select public_key, cluster_id, stated_at, revoked_at from agent_key where public_key = ${publicKey}`,
    ),

  /** Lets a key in; false when it is there already. */
  addKey: async (tx: Tx, { public_key, cluster_id, proof, at, stated_at, expires_at }: NewKey): Promise<boolean> =>
    (await tx.run(sql`
      insert into agent_key (public_key, cluster_id, proof, enrolled_at, stated_at, jwt_expires_at)
      values (${public_key}, ${cluster_id}, ${proof}, ${at}, ${stated_at}, ${expires_at}) on conflict do nothing`)) ===
    1,

  /** Notes a renewal; false when the key was shut out or the statement is not newer than the last. */
  renew: async ({ public_key, stated_at, expires_at }: Renewal): Promise<boolean> =>
    (await db.run(sql`
      update agent_key set stated_at = ${stated_at}, jwt_expires_at = greatest(jwt_expires_at, ${expires_at}::timestamptz), renewals = renewals + 1
       where public_key = ${public_key} and revoked_at is null and stated_at < ${stated_at}`)) === 1,

  account: (tx: Pick<Tx, 'maybe'>, cluster: string): Promise<ClusterAccount | undefined> =>
    tx.maybe<ClusterAccount>(sql`select issuer, subject, jwks from cluster_account where cluster_id = ${cluster}`),

  /** Who speaks for a cluster from now on. */
  bindAccount: (tx: Tx, cluster: string, { issuer, subject, jwks }: ClusterAccount, at: Date) =>
    tx.run(sql`
      insert into cluster_account (cluster_id, issuer, subject, jwks, bound_at)
      values (${cluster}, ${issuer}, ${subject}, ${sql.json(jwks)}::jsonb, ${at})
      on conflict (cluster_id) do update set issuer = excluded.issuer, subject = excluded.subject, jwks = excluded.jwks, bound_at = excluded.bound_at`),

  welcomeBack: (tx: Tx, cluster: string) =>
    tx.run(sql`update cluster set revoked_at = null where id = ${cluster} and revoked_at is not null`),

  /** Shuts a cluster out with all that could let it in; undefined when there is no such cluster. */
  revoke: async (tx: Tx, cluster: string, at: Date): Promise<{ keys: number } | undefined> => {
    if ((await tx.run(sql`update cluster set revoked_at = ${at} where id = ${cluster}`)) === 0) return undefined;
    await tx.run(sql`delete from enrolment_token where cluster_id = ${cluster} and used_at is null`);
    await tx.run(sql`delete from cluster_account where cluster_id = ${cluster}`);
    const keys = await tx.run(
      sql`update agent_key set revoked_at = ${at} where cluster_id = ${cluster} and revoked_at is null`,
    );
    return { keys };
  },

  /** Shuts a user of the bus out for good; when, which stays the first time. */
  revokeUser: async (tx: Tx, publicKey: string, at: Date): Promise<string> => {
    const { revoked_at } = await tx.one<{ revoked_at: string }>(sql`
      insert into bus_user_revocation (public_key, revoked_at) values (${publicKey}, ${at})
      on conflict (public_key) do update set revoked_at = bus_user_revocation.revoked_at returning revoked_at`);
    return revoked_at;
  },

  /** Retires a signing key of the account for good; when, which stays the first time. */
  retireSigningKey: async (tx: Tx, publicKey: string, at: Date): Promise<string> => {
    const { retired_at } = await tx.one<{ retired_at: string }>(sql`
      insert into bus_signing_key_retirement (public_key, retired_at) values (${publicKey}, ${at})
      on conflict (public_key) do update set retired_at = bus_signing_key_retirement.retired_at returning retired_at`);
    return retired_at;
  },

  retiredSigningKeys: async (tx: Tx): Promise<string[]> =>
    (await tx.many<{ public_key: string }>(sql`select public_key from bus_signing_key_retirement`)).map(
      ({ public_key }) => public_key,
    ),

  /** All keys that were ever shut out; the bus must know those of which a JWT has not ended before `since`, or names no end. */
  shutOut: (tx: Tx, since: Date): Promise<RevokedKey[]> =>
    tx.many<RevokedKey>(sql`
      select public_key, revoked_at, jwt_expires_at > ${since} as needed from agent_key where revoked_at is not null
      union all
      select public_key, revoked_at, true from bus_user_revocation order by public_key`),

  /** One replica at a time tells the bus, so that an older list never follows a newer one. */
  alone: (tx: Tx) => tx.run(sql`select pg_advisory_xact_lock(hashtext('bus revocations'))`),

  /** Forgets tokens that are over and keys that nobody renewed; a key that was shut out is never forgotten. */
  forget: async (before: Date): Promise<void> => {
    await db.run(sql`delete from enrolment_token where expires_at < ${before}`);
    await db.run(sql`delete from agent_key where revoked_at is null and jwt_expires_at < ${before}`);
  },
});
