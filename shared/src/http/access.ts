import { readFile } from 'node:fs/promises';
import { type CryptoKey, importSPKI, jwtVerify } from 'jose';
import { z } from 'zod';
import { Role } from '../contracts/index.ts';
import { errors } from '../errors/index.ts';
import type { Actor } from './route.ts';

const Claims = z.object({ sub: z.string(), roles: z.array(Role) });

/** What each role includes besides itself. */
const includes: Record<Role, readonly Role[]> = {
  viewer: [],
  responder: ['viewer'],
  approver: ['viewer', 'responder'],
  auditor: ['viewer'],
  admin: ['viewer', 'responder', 'approver', 'auditor'],
};

/** Whether someone with `roles` may do what asks for `needed`. */
export const allows = (roles: readonly Role[], needed: Role): boolean =>
  roles.some((role) => role === needed || includes[role].includes(needed));

/** Who asks: found out from the Authorization header, or thrown as unauthorized. */
export type Access = { actorOf(authorization: string | undefined): Promise<Actor> };

/** Reads the keys that access tokens are checked with; the variable's name is for the person who set it. */
export async function readPublicKey(file: string): Promise<string> {
  const refuse = (reason: string, cause: unknown) => {
    const way_out = 'set AUTH_PUBLIC_KEY_FILE to the public half of the key of the agent-manager';
    return errors.invalid_input({ AUTH_PUBLIC_KEY_FILE: file, reason, way_out }, { cause });
  };
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw refuse('cannot be read', cause);
  });
  await keysIn(text).catch((cause: unknown) => {
    throw refuse('holds no Ed25519 keys in PEM (SPKI)', cause);
  });
  return text;
}

const PEM = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

async function keysIn(text: string): Promise<CryptoKey[]> {
  const refuse = (cause?: unknown) => errors.invalid_input({ public_key: 'not Ed25519 keys in PEM (SPKI)' }, { cause });
  const blocks = text.match(PEM) ?? [];
  if (blocks.length === 0) throw refuse();
  return Promise.all(
    blocks.map((pem) =>
      importSPKI(pem, 'EdDSA').catch((cause: unknown) => {
        throw refuse(cause);
      }),
    ),
  );
}

/** The payload by whichever key it was signed with, or the reason of the last refusal. */
async function verified(token: string, keys: readonly CryptoKey[], issuer: string): Promise<unknown> {
  let refusal: unknown;
  for (const key of keys) {
    try {
      return (await jwtVerify(token, key, { issuer, algorithms: ['EdDSA'] })).payload;
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

/** Accepts the access tokens that the manager signed with Ed25519; `publicKey` is SPKI in PEM, more than one while keys change. */
export async function createAccess({
  publicKey,
  issuer = 'aetherius',
}: {
  publicKey: string;
  issuer?: string;
}): Promise<Access> {
  const keys = await keysIn(publicKey);
  return {
    actorOf: async (authorization) => {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) throw errors.unauthorized();
      try {
        const { sub, roles } = Claims.parse(await verified(token, keys, issuer));
        return { id: sub, roles };
      } catch (cause) {
        throw errors.unauthorized(
          { reason: 'the access token is expired or not signed by this installation' },
          { cause },
        );
      }
    },
  };
}
