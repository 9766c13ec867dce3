import { readFileSync } from 'node:fs';
import { z } from 'zod';

const time = z.int().positive().optional();
const Claims = z.object({ sub: z.string().optional(), iat: time, exp: time });

/** From when and until when credentials are good, in seconds since 1970; undefined what they do not name. */
export type Term = { iat?: number | undefined; exp?: number | undefined };

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

export const jwtTerm = (jwt: string): Term => claimsIn(jwt) ?? {};

/** The same of the JWT in a file of NATS credentials. */
export const credsTerm = (file: string): Term => claimsInFile(file) ?? {};

/** The public key of the user that a file of NATS credentials lets in. */
export const credsUser = (file: string): string | undefined => claimsInFile(file)?.sub;
