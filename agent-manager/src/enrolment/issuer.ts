import { readFile, stat } from 'node:fs/promises';
import { errors } from '@aetherius/shared/errors';
import { type NatsUser, type NkeyKind, type Signer, signerOf } from '@aetherius/shared/nats';
import { problemOf } from '@aetherius/shared/service';
import { z } from 'zod';

const IssuerFile = z.object({
  account: z.string().regex(/^A[A-Z2-7]{55}$/, 'the public key of an account'),
  account_signing_seed: z.string(),
  operator_signing_seed: z.string(),
  former_operator_signing_key: z
    .string()
    .regex(/^O[A-Z2-7]{55}$/, 'the public key of an operator')
    .optional(),
  system_user: z.object({ jwt: z.string().min(1), seed: z.string().min(1) }),
});

/** What is needed to let agents in and to shut them out: signing keys, never the identity keys of account or operator. */
export type Issuer = {
  account: string;
  agents: Signer;
  accounts: Signer;
  /** The public key that signed accounts before, once it was replaced. */
  formerAccounts?: string | undefined;
  systemUser: NatsUser;
};

/** Reads the issuer's file; one that everybody may read is no secret and is refused. */
export async function readIssuer(file: string): Promise<Issuer> {
  const refuse = (reason: string, cause?: unknown) => {
    const way_out = 'set it to the issuer.json that npm run secrets makes, readable for this process';
    return errors.invalid_input({ NATS_ISSUER_FILE: file, reason, way_out }, { cause });
  };
  const info = await stat(file).catch((cause: unknown) => {
    throw refuse('cannot be read', cause);
  });
  // A mounted Secret is the group's as well; what must not be is that everybody reads it.
  if ((info.mode & 0o007) !== 0)
    throw refuse(`has mode 0${(info.mode & 0o777).toString(8)}, others must have no right`);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw refuse('cannot be read', cause);
  });
  const parsed = IssuerFile.safeParse(json(text));
  if (text.trim() === '') throw refuse('is empty');
  if (json(text) === undefined) throw refuse('is no JSON');
  if (!parsed.success) throw refuse(parsed.error.issues.map((issue) => problemOf(issue, 'the file')).join('; '));
  const { account, account_signing_seed, operator_signing_seed, system_user } = parsed.data;
  const signer = (field: string, seed: string, kind: NkeyKind): Signer => {
    const made = signerOf(seed, kind);
    if (made === undefined) throw refuse(`${field} is no seed of the kind ${kind}`);
    return made;
  };
  const keeper = signer('system_user.seed', system_user.seed, 'user');
  return {
    account,
    agents: signer('account_signing_seed', account_signing_seed, 'account'),
    formerAccounts: parsed.data.former_operator_signing_key,
    accounts: signer('operator_signing_seed', operator_signing_seed, 'operator'),
    systemUser: { jwt: () => system_user.jwt, signer: () => keeper, wayIn: OF_THIS_BUS },
  };
}

const OF_THIS_BUS =
  'set NATS_ISSUER_FILE to the issuer.json of this bus, from the same run of npm run secrets as auth.conf of the server';

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
