import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** What a nkey is for, by the first bytes of its text. */
export type NkeyKind = 'operator' | 'account' | 'user';
const letters: Record<NkeyKind, string> = { operator: 'O', account: 'A', user: 'U' };
const prefixes: Record<NkeyKind, number> = { operator: 14 << 3, account: 0, user: 20 << 3 };
const SEED_PREFIX = 18 << 3;

/** Someone who signs: the public half as text, and the private one in use only. */
export type Signer = { publicKey: string; sign: (text: string) => Buffer };

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

/** The signer behind a seed of the wanted kind, or undefined when the text is none. */
export function signerOf(seed: string, kind: NkeyKind): Signer | undefined {
  const bytes = checked(seed, 36);
  if (bytes === undefined || !seed.startsWith(`S${letters[kind]}`)) return undefined;
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, bytes.subarray(2, 34)]),
    format: 'der',
    type: 'pkcs8',
  });
  const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI_ED25519.length);
  return {
    publicKey: encoded(Buffer.concat([Buffer.of(prefixes[kind]), raw])),
    sign: (text) => sign(null, Buffer.from(text), key),
  };
}

/** Whether the holder of this user key signed the text; the plain answer is no also for what is no key. */
export function signedBy(publicKey: string, text: string, signature: Buffer): boolean {
  const key = userKey(publicKey);
  return key !== undefined && verify(null, Buffer.from(text), key, signature);
}

function userKey(text: string): KeyObject | undefined {
  const bytes = checked(text, 35);
  if (bytes === undefined || bytes[0] !== prefixes.user) return undefined;
  return createPublicKey({ key: Buffer.concat([SPKI_ED25519, bytes.subarray(1, 33)]), format: 'der', type: 'spki' });
}

/** The seed of 32 random bytes, as text. */
export function seedOf(raw: Buffer, kind: NkeyKind): string {
  const prefix = prefixes[kind];
  return encoded(Buffer.concat([Buffer.of(SEED_PREFIX | (prefix >> 5), (prefix & 31) << 3), raw]));
}

/** The bytes of a nkey whose check sum holds. */
function checked(text: string, length: number): Buffer | undefined {
  const bytes = fromBase32(text);
  if (bytes === undefined || bytes.length !== length) return undefined;
  return crc16(bytes.subarray(0, -2)) === bytes.readUInt16LE(length - 2) ? bytes : undefined;
}

function encoded(bytes: Buffer): string {
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(crc16(bytes));
  return toBase32(Buffer.concat([bytes, sum]));
}

/** CRC-16/XMODEM, as nkeys are closed with. */
function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff;
  }
  return crc;
}

function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => ALPHABET[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

function fromBase32(text: string): Buffer | undefined {
  if (!/^[A-Z2-7]{1,100}$/.test(text)) return undefined;
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const groups = bits.match(/.{8}/g) ?? [];
  return Buffer.from(groups.map((group) => Number.parseInt(group, 2)));
}
