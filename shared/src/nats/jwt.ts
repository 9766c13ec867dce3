import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Signer } from './nkey.ts';

/** Claims as NATS servers read them. */
const Claims = z.looseObject({
  sub: z.string(),
  iat: z.int(),
  iss: z.string().optional(),
  nats: z.looseObject({
    revocations: z.record(z.string(), z.int()).nullish(),
    signing_keys: z.array(z.union([z.string(), z.looseObject({ key: z.string() })])).nullish(),
  }),
});
export type Claims = z.infer<typeof Claims>;

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = base64url({ typ: 'JWT', alg: 'ed25519-nkey' });

/** A JWT that NATS servers take from this signer; its id is derived from what it says. */
export function signedJwt(signer: Signer, claims: Claims & Record<string, unknown>): string {
  const said = { ...claims, iss: signer.publicKey };
  const jti = createHash('sha256').update(JSON.stringify(said)).digest('hex');
  const text = `${HEADER}.${base64url({ ...said, jti })}`;
  return `${text}.${signer.sign(text).toString('base64url')}`;
}

/** The file by which a client of the bus signs in: who it is, and the seed by which it proves that. */
export const credsText = (jwt: string, seed: string): string =>
  [
    '-----BEGIN NATS USER JWT-----',
    jwt,
    '------END NATS USER JWT------',
    '',
    '-----BEGIN USER NKEY SEED-----',
    seed,
    '------END USER NKEY SEED------',
    '',
  ].join('\n');

/** What a JWT of the bus says; who signed it is the bus's own business. */
export function claimsOf(jwt: string): Claims {
  const [, payload = ''] = jwt.split('.');
  return Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
}
