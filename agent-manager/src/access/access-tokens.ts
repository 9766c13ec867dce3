import type { Role } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import type { Access } from '@aetherius/shared/http';
import { importPKCS8, SignJWT } from 'jose';
import { bearer, tokenHash } from './api-token.ts';
import type { TokenStore } from './token-store.ts';

const LIFETIME_SECONDS = 3_600;
const SUBJECT = 'token:';

/** A short access token and when it ends. */
type Issued = { access_token: string; token_type: 'Bearer'; expires_in: number; roles: readonly Role[] };
/** Turns an API token into a short access token that every service can verify by itself. */
export type Issuer = (authorization: string | undefined) => Promise<Issued>;

type Deps = { tokens: TokenStore; privateKey: string; now: () => Date };

/** `privateKey` is PKCS8 in PEM, Ed25519. */
export async function createIssuer({ tokens, privateKey, now }: Deps): Promise<Issuer> {
  const key = await importPKCS8(privateKey, 'EdDSA');
  return async (authorization) => {
    const given = bearer(authorization);
    const token = given === undefined ? undefined : await tokens.use(tokenHash(given), now());
    if (token === undefined)
      throw errors.unauthorized({ reason: 'send a valid API token as "Authorization: Bearer <API token>"' });
    const begin = Math.floor(now().getTime() / 1000);
    const left = token.expires_at === null ? LIFETIME_SECONDS : Math.floor(Date.parse(token.expires_at) / 1000) - begin;
    const expires_in = Math.max(1, Math.min(LIFETIME_SECONDS, left));
    const access_token = await new SignJWT({ roles: token.roles })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer('aetherius')
      .setSubject(`${SUBJECT}${token.id}`)
      .setIssuedAt(begin)
      .setExpirationTime(begin + expires_in)
      .sign(key);
    return { access_token, token_type: 'Bearer', expires_in, roles: token.roles };
  };
}

/** Access tokens as usual, except that the manager itself no longer accepts those of a revoked API token. */
export const withRevocation = (access: Access, { tokens, now }: Pick<Deps, 'tokens' | 'now'>): Access => ({
  actorOf: async (authorization) => {
    const actor = await access.actorOf(authorization);
    if (!actor.id.startsWith(SUBJECT) || (await tokens.isValid(actor.id.slice(SUBJECT.length), now()))) return actor;
    throw errors.unauthorized({ reason: 'the API token behind this access token was revoked or has expired' });
  },
});
