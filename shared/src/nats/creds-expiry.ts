import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Claims = z.object({ exp: z.int().positive() });

/** Until when a JWT is good, in seconds since 1970; undefined when it names no end. */
export function jwtExpiry(jwt: string): number | undefined {
  const [, payload = ''] = jwt.split('.');
  try {
    return Claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).data?.exp;
  } catch {
    return undefined;
  }
}

/** The same of the JWT in a file of NATS credentials; undefined also while there is no such file. */
export function credsExpiry(file: string): number | undefined {
  try {
    return jwtExpiry(/-{3,}BEGIN NATS USER JWT-{3,}\s*([\w.-]+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? '');
  } catch {
    return undefined;
  }
}
