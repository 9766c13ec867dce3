/** What of an account's claims is looked at here. */
type Claims = { iat: number; nats: { revocations?: Record<string, number> | null | undefined } };

/** Clocks of the control plane and the bus may be this far apart. */
export const SKEW_SECONDS = 300;

/** A key that is let in no longer, since when, and whether a JWT of it may still be valid. */
export type RevokedKey = { public_key: string; revoked_at: string; needed: boolean };

/**
 * The account's claims with these keys shut out; undefined when they say so already.
 * 1. A key is shut out for what was signed until a while after its revocation, because the signer's clock may be ahead.
 * 2. A server silently ignores an account JWT older than the one it has, so ours is never older.
 * 3. Keys that are none of ours stay as they are: somebody else revoked a user with the bus's own tools.
 */
export function withRevocations<C extends Claims>(current: C, keys: readonly RevokedKey[], now: Date): C | undefined {
  const before = current.nats.revocations ?? {};
  const ours = new Set(keys.map(({ public_key }) => public_key));
  const revocations = Object.fromEntries([
    ...Object.entries(before).filter(([key]) => !ours.has(key)),
    ...keys
      .filter(({ needed }) => needed)
      .map(({ public_key, revoked_at }) => [public_key, untilOf(revoked_at)] as const),
  ]);
  if (sameEntries(before, revocations)) return undefined;
  const iat = Math.max(Math.floor(now.getTime() / 1000), current.iat);
  return { ...current, iat, nats: { ...current.nats, revocations } };
}

const untilOf = (revokedAt: string): number => Math.floor(Date.parse(revokedAt) / 1000) + SKEW_SECONDS;

const sameEntries = (a: Record<string, number>, b: Record<string, number>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);
