/** One that may give rights of a certain kind only has its public key inside. */
type SigningKey = string | { key: string };
/** What of an account's claims is looked at here. */
type Claims = {
  iat: number;
  iss?: string | undefined;
  nats: {
    revocations?: Record<string, number> | null | undefined;
    signing_keys?: SigningKey[] | null | undefined;
  };
};

/** Clocks of the control plane and the bus may be this far apart. */
export const SKEW_SECONDS = 300;

/** A key that is let in no longer, since when, and whether a JWT of it may still be valid. */
export type RevokedKey = { public_key: string; revoked_at: string; needed: boolean };

/** What the account has to say, and by whose signature. */
export type Wanted = {
  revoked: readonly RevokedKey[];
  /** The account's key by which this manager signs, and those that were retired. */
  signingKey: string;
  retired: readonly string[];
  /** The operator's key that is about to go: what it signed is signed anew. */
  formerSigner: string | undefined;
};

/**
 * The account's claims as they have to be; undefined when they are so already.
 * 1. A key is shut out for what was signed until a while after its revocation, because the signer's clock may be ahead.
 * 2. A server silently ignores an account JWT older than the one it has, and of two of one second it takes that of its configuration
 *    when it starts, which knows of no revocation: so ours is always younger.
 * 3. Keys that are none of ours stay as they are: somebody else revoked a user with the bus's own tools.
 * 4. A signing key is only ever added until it is retired: managers with the last one and with the next run side by side.
 */
export function wantedAccount<C extends Claims>(current: C, wanted: Wanted, now: Date): C | undefined {
  const before = current.nats.revocations ?? {};
  const revocations = withRevoked(before, wanted.revoked);
  const keys = current.nats.signing_keys ?? [];
  const signing_keys = withSigningKey(keys, wanted);
  const isSignedAnew = current.iss !== undefined && current.iss === wanted.formerSigner;
  if (!isSignedAnew && sameEntries(before, revocations) && sameKeys(keys, signing_keys)) return undefined;
  const iat = Math.max(Math.floor(now.getTime() / 1000), current.iat + 1);
  return { ...current, iat, nats: { ...current.nats, revocations, signing_keys } };
}

/** The public keys by which users of an account may be signed. */
export const signingKeysOf = ({ nats }: Claims): string[] => (nats.signing_keys ?? []).map(publicKeyOf);

const publicKeyOf = (signing: SigningKey): string => (typeof signing === 'string' ? signing : signing.key);

function withRevoked(before: Record<string, number>, revoked: readonly RevokedKey[]): Record<string, number> {
  const ours = new Set(revoked.map(({ public_key }) => public_key));
  return Object.fromEntries([
    ...Object.entries(before).filter(([key]) => !ours.has(key)),
    ...revoked
      .filter(({ needed }) => needed)
      .map(({ public_key, revoked_at }) => [public_key, untilOf(revoked_at)] as const),
  ]);
}

function withSigningKey(before: readonly SigningKey[], { signingKey, retired }: Wanted): SigningKey[] {
  const isThere = before.some((signing) => publicKeyOf(signing) === signingKey);
  return [...before, ...(isThere ? [] : [signingKey])].filter((signing) => !retired.includes(publicKeyOf(signing)));
}

const untilOf = (revokedAt: string): number => Math.floor(Date.parse(revokedAt) / 1000) + SKEW_SECONDS;

const sameEntries = (a: Record<string, number>, b: Record<string, number>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);

const sameKeys = (a: readonly SigningKey[], b: readonly SigningKey[]): boolean =>
  a.length === b.length && a.every((key, at) => key === b[at]);
