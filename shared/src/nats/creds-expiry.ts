import { z } from 'zod';

const Claims = z.object({ exp: z.int().positive() });

/** Until when a file of NATS credentials is good, in seconds since 1970; undefined when it names no end. */
export function credsExpiry(creds: string): number | undefined {
  const [, payload] = /-{3,}BEGIN NATS USER JWT-{3,}\s*[\w-]+\.([\w-]+)\./.exec(creds) ?? [];
  if (payload === undefined) return undefined;
  try {
    return Claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).data?.exp;
  } catch {
    return undefined;
  }
}
