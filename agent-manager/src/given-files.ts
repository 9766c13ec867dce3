import { readPublicKey } from '@aetherius/shared/http';
import { readBootstrapToken } from './access/bootstrap-token.ts';
import { readSigningKey } from './access/signing-key.ts';
import type { ManagerConfig } from './config.ts';
import { readAuthority } from './enrolment/bus-authority.ts';
import { type Issuer, readIssuer } from './enrolment/issuer.ts';

/** What the installation gave in files; undefined where a variable is not set. */
export type GivenFiles = {
  keys: { privateKey: string; publicKey: string };
  /** Of other holders of keys: tokens of the last key, and of the next one by a replica. */
  otherKeys: string | undefined;
  bootstrapToken: string | undefined;
  issuer: Issuer | undefined;
  authority: string | undefined;
};

const optional = <T>(file: string | undefined, read: (file: string) => Promise<T>): Promise<T | undefined> =>
  file === undefined ? Promise.resolve(undefined) : read(file);

/** All of it is read before anything is opened, so that a start that was given something wrong leaves no trace. */
export const readGivenFiles = async (config: ManagerConfig): Promise<GivenFiles> => ({
  keys: await readSigningKey(config.AUTH_PRIVATE_KEY_FILE),
  otherKeys: await optional(config.AUTH_PUBLIC_KEY_FILE, readPublicKey),
  bootstrapToken: await optional(config.AETHERIUS_BOOTSTRAP_TOKEN_FILE, readBootstrapToken),
  issuer: await optional(config.NATS_ISSUER_FILE, readIssuer),
  authority: await optional(config.NATS_CA_FILE, readAuthority),
});
