import { readFile } from 'node:fs/promises';
import { importSPKI, jwtVerify } from 'jose';
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

/** Reads the key that access tokens are checked with; the variable's name is for the person who set it. */
export const readPublicKey = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: unknown) => {
    const way_out = 'set AUTH_PUBLIC_KEY_FILE to the public half of the key of the agent-manager';
    throw errors.invalid_input({ AUTH_PUBLIC_KEY_FILE: file, reason: 'cannot be read', way_out }, { cause });
  });

/** Accepts the access tokens that the manager signed with Ed25519; `publicKey` is SPKI in PEM. */
export async function createAccess({
  publicKey,
  issuer = 'aetherius',
}: {
  publicKey: string;
  issuer?: string;
}): Promise<Access> {
  const key = await importSPKI(publicKey, 'EdDSA').catch((cause: unknown) => {
    throw errors.invalid_input({ public_key: 'not an Ed25519 key in PEM (SPKI)' }, { cause });
  });
  return {
    actorOf: async (authorization) => {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) throw errors.unauthorized();
      try {
        const { payload } = await jwtVerify(token, key, { issuer, algorithms: ['EdDSA'] });
        const { sub, roles } = Claims.parse(payload);
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
