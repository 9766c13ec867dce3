import { createHash } from 'node:crypto';

const PREFIX = 'aetherius_';

/** A new API token out of 32 random bytes; its prefix lets secret scanners find it. */
export const apiToken = (random: Uint8Array): string => `${PREFIX}${Buffer.from(random).toString('base64url')}`;

/** What is stored of an API token. A fast hash is enough: the token is random, not a password. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The token of an Authorization header, or undefined. */
export const bearer = (authorization: string | undefined): string | undefined =>
  /^Bearer (\S{1,500})$/i.exec(authorization ?? '')?.[1];
