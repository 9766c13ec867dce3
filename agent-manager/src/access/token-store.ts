import type { Role } from '@aetherius/shared/contracts';
import { type Db, sql, type Tx } from '@aetherius/shared/postgres';

/** An API token without its secret. */
export type TokenRow = {
  id: string;
  name: string;
  roles: Role[];
  created_by: string;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
};
type NewToken = Pick<TokenRow, 'id' | 'name' | 'roles' | 'created_by' | 'expires_at'> & { hash: string };

const columns = sql`id, name, roles, created_by, created_at, expires_at, revoked_at, last_used_at`;

/** API tokens: only their hashes are kept. */
export type TokenStore = ReturnType<typeof createTokenStore>;

export const createTokenStore = (db: Db) => ({
  create: (tx: Tx, token: NewToken): Promise<TokenRow> =>
    tx.one<TokenRow>(sql`
      insert into api_token (id, name, hash, roles, created_by, expires_at)
      values (${token.id}, ${token.name}, ${token.hash}, ${token.roles}::text[], ${token.created_by}, ${token.expires_at})
      returning ${columns}`),

  /** The token that an installation starts with; a new file replaces the old one. */
  bootstrap: (hash: string): Promise<number> =>
    db.run(sql`
      insert into api_token (id, name, hash, roles, created_by) values ('bootstrap', 'bootstrap', ${hash}, '{admin}', 'installation')
      on conflict (id) do update set hash = excluded.hash, revoked_at = case when api_token.hash = excluded.hash then api_token.revoked_at end`),

  /** The token of this hash, noted as used; undefined when there is none or it is over. */
  use: (hash: string, at: Date): Promise<TokenRow | undefined> =>
    db.maybe<TokenRow>(sql`
      update api_token set last_used_at = ${at}
       where hash = ${hash} and revoked_at is null and (expires_at is null or expires_at > ${at}) returning ${columns}`),

  isValid: async (id: string, at: Date): Promise<boolean> =>
    (await db.maybe(
      sql`select 1 from api_token where id = ${id} and revoked_at is null and (expires_at is null or expires_at > ${at})`,
    )) !== undefined,

  /** Whether the database answers. */
  state: (): Promise<string> =>
    db.run(sql`select 1`).then(
      () => 'ok',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    ),

  list: (): Promise<TokenRow[]> => db.many<TokenRow>(sql`select ${columns} from api_token order by created_at, id`),
  one: (id: string): Promise<TokenRow | undefined> =>
    db.maybe<TokenRow>(sql`select ${columns} from api_token where id = ${id}`),

  revoke: (tx: Tx, id: string, at: Date): Promise<TokenRow | undefined> =>
    tx.maybe<TokenRow>(
      sql`update api_token set revoked_at = coalesce(revoked_at, ${at}) where id = ${id} returning ${columns}`,
    ),
});
