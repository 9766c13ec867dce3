import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate and its key, both in PEM. */
export type Certified = { certificate: string; key: string };

type Wanted = {
  name: string;
  /** Host names and IPv4 addresses that a server answers to. */
  hosts?: readonly string[];
  serial: Uint8Array;
  now: Date;
  days: number;
};

/** Node reads certificates but makes none, and an image without a shell has no openssl: so the few fields that TLS needs are encoded here. */
const der = (tag: number, ...content: Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};

const sequence = (...content: Uint8Array[]) => der(0x30, ...content);
const octets = (content: Uint8Array) => der(0x04, content);
const explicit = (number: number, content: Uint8Array) => der(0xa0 + number, content);
const bits = (content: Uint8Array) => der(0x03, Buffer.from([0]), content);
const isTrue = der(0x01, Buffer.from([0xff]));
const identifier = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'));
const [commonName, basicConstraints, keyUsage, alternativeNames] = ['550403', '551d13', '551d0f', '551d11'] as const;

/** The form of dates until 2049; a certificate of ours never lives longer. */
const time = (date: Date) =>
  der(
    0x17,
    Buffer.from(
      `${date
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  );
const nameOf = (text: string) => sequence(der(0x31, sequence(identifier(commonName), der(0x0c, Buffer.from(text)))));
const extension = (id: string, ...content: Uint8Array[]) => sequence(identifier(id), ...content);
const alternative = (host: string) =>
  isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host));

/** A new authority, which signs the certificates of this installation's servers. */
export const makeAuthority = (wanted: Wanted): Certified => {
  const { privateKey } = newKey();
  return issue(wanted, { privateKey, signer: privateKey, issuer: wanted.name });
};

/** A new server certificate, signed by the authority. */
export const makeCertificate = (authority: Certified, wanted: Wanted): Certified =>
  issue(wanted, {
    privateKey: newKey().privateKey,
    signer: createPrivateKey(authority.key),
    issuer: new X509Certificate(authority.certificate).subject.replace('CN=', ''),
  });

/** Whether a certificate was signed by the authority, names these hosts, and is good until then. */
export function isGood(
  authority: string,
  certificate: string,
  { hosts, until }: { hosts: readonly string[]; until: Date },
): boolean {
  const read = new X509Certificate(certificate);
  const isSigned = read.verify(new X509Certificate(authority).publicKey);
  const named = (host: string) => (isIPv4(host) ? read.checkIP(host) : read.checkHost(host)) !== undefined;
  return isSigned && hosts.every(named) && read.validToDate > until;
}

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

type Keys = { privateKey: KeyObject; signer: KeyObject; issuer: string };

function issue({ name, hosts, serial, now, days }: Wanted, { privateKey, signer, issuer }: Keys): Certified {
  const isServer = hosts !== undefined;
  const extensions = isServer
    ? [extension(alternativeNames, octets(sequence(...hosts.map(alternative))))]
    : [
        extension(basicConstraints, isTrue, octets(sequence(isTrue))),
        // Signing certificates, and nothing else.
        extension(keyUsage, isTrue, octets(der(0x03, Buffer.from([2, 0x04])))),
      ];
  const content = sequence(
    explicit(0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1]), serial),
    ecdsaWithSha256,
    nameOf(issuer),
    sequence(time(now), time(new Date(now.getTime() + days * 86_400_000))),
    nameOf(name),
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions)),
  );
  const whole = sequence(content, ecdsaWithSha256, bits(sign('sha256', content, signer)));
  const lines = whole.toString('base64').replace(/(.{64})(?=.)/g, '$1\n');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}
