import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { nkeys } from '@nats-io/transport-node';
import fc from 'fast-check';
import { type NkeyKind, seedOf, signedBy, signerOf } from './nkey.ts';

const made = (kind: NkeyKind) => {
  const seed = seedOf(randomBytes(32), kind);
  const signer = signerOf(seed, kind);
  if (signer === undefined) throw new Error('no signer');
  return { seed, signer };
};

describe('nkeys', () => {
  it.each(['operator', 'account', 'user'] as const)('of an %s are those of the NATS library', (kind) => {
    const { seed, signer } = made(kind);
    const theirs = nkeys.fromSeed(Buffer.from(seed));
    expect(signer.publicKey).toBe(theirs.getPublicKey());
    expect(signer.publicKey).toMatch(/^[OAU][A-Z2-7]{55}$/);
    expect(theirs.verify(Buffer.from('said'), signer.sign('said'))).toBe(true);
  });

  it('know who said what', () => {
    const { signer } = made('user');
    const signature = signer.sign('said');
    expect(signedBy(signer.publicKey, 'said', signature)).toBe(true);
    expect(signedBy(signer.publicKey, 'said otherwise', signature)).toBe(false);
    expect(signedBy(made('user').signer.publicKey, 'said', signature)).toBe(false);
    expect(signedBy(made('account').signer.publicKey, 'said', signature)).toBe(false);
  });

  it('are refused when they are none, without breaking', () => {
    const { seed, signer } = made('user');
    expect(signerOf(seed, 'account')).toBeUndefined();
    const at = 20;
    const mistyped = `${seed.slice(0, at)}${seed[at] === 'A' ? 'B' : 'A'}${seed.slice(at + 1)}`;
    expect(signerOf(mistyped, 'user')).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 80 }), (text, signature) => {
        expect(signerOf(text, 'user')).toBeUndefined();
        expect(signedBy(text, 'said', Buffer.from(signature))).toBe(false);
        expect(signedBy(signer.publicKey, text, Buffer.from(signature))).toBe(false);
      }),
    );
  });
});
