import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Claims = z.object({ sub: z.string().optional(), exp: z.int().positive().optional() });

function claimsIn(jwt: string): z.infer<typeof Claims> | undefined {
  const [, payload = ''] = jwt.split('.');
  try {
    return Claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Claims of the JWT in a file of NATS credentials; none also while there is no such file. */
function claimsInFile(file: string): z.infer<typeof Claims> | undefined {
  try {
    return claimsIn(/-{3,}BEGIN NATS USER JWT-{3,}\s*([\w.-]+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? '');
  } catch {
    return undefined;
  }
}

/** Until when a JWT is good, in seconds since 1970; undefined when it names no end. */
export const jwtExpiry = (jwt: string): number | undefined => claimsIn(jwt)?.exp;

/** The same of the JWT in a file of NATS credentials. */
export const credsExpiry = (file: string): number | undefined => claimsInFile(file)?.exp;

/** The public key of the user that a file of NATS credentials lets in. */
export const credsUser = (file: string): string | undefined => claimsInFile(file)?.sub;
