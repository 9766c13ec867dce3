import { errors } from '@aetherius/shared/errors';
import { type NkeyKind, signerOf } from '@aetherius/shared/nats';
import { createNatsAuth, REVOKED_KEEPER } from './nats-auth.ts';
import { allKept, changeKept } from './secrets.ts';

/** The keys by which the manager signs, in the words of the command: they are replaced without a new identity. */
export const signingKeys = ['account-signing-key', 'operator-signing-key'] as const;
export type SigningKey = (typeof signingKeys)[number];

const kept: Record<SigningKey, { name: string; kind: NkeyKind }> = {
  'account-signing-key': { name: 'account-signing', kind: 'account' },
  'operator-signing-key': { name: 'operator-signing', kind: 'operator' },
};

const KEEPER = 'user:bus-keeper';

/** The public key of the one that was replaced and is not retired yet. */
export const formerKey = (folder: string, key: SigningKey): string | undefined =>
  allKept(folder, 'keys')[`${kept[key].name}:former`];

/** The public key of the one that signs; undefined while there is none. */
export function currentKey(folder: string, key: SigningKey): string | undefined {
  const { name, kind } = kept[key];
  const seed = allKept(folder, 'keys')[name];
  return seed === undefined ? undefined : signerOf(seed, kind)?.publicKey;
}

/** Has the next start make a new key; the one before stays trusted until it is retired. */
export async function renewSigningKey(folder: string, key: SigningKey): Promise<void> {
  const before = currentKey(folder, key);
  if (before === undefined) throw errors.conflict({ folder, reason: `holds no ${key} that could be renewed` });
  const former = formerKey(folder, key);
  if (former !== undefined)
    throw errors.conflict({
      folder,
      reason: `the one before, ${former}, is still trusted`,
      way_out: `--retire ${key}`,
    });
  // The folder of an earlier version does not say yet since when its account stands.
  await createNatsAuth(folder);
  const { name } = kept[key];
  changeKept(folder, 'keys', { [name]: undefined, [`${name}:former`]: before });
}

/** Has the next start make a new user by which the manager tells the bus; a bus that starts with what it gives shuts the one before out. */
export function renewKeeper(folder: string): void {
  const seed = allKept(folder, 'keys')[KEEPER];
  const before = seed === undefined ? undefined : signerOf(seed, 'user')?.publicKey;
  if (before === undefined) throw errors.conflict({ folder, reason: 'holds no bus-keeper that could be renewed' });
  const now = Math.floor(Date.now() / 1000);
  changeKept(folder, 'keys', { [KEEPER]: undefined, [`${REVOKED_KEEPER}${before}`]: String(now) });
}

/** The one before is trusted no longer. */
export function retireSigningKey(folder: string, key: SigningKey): void {
  if (formerKey(folder, key) === undefined)
    throw errors.conflict({ folder, reason: `holds no former ${key}`, way_out: `--renew ${key} comes first` });
  changeKept(folder, 'keys', { [`${kept[key].name}:former`]: undefined });
}
