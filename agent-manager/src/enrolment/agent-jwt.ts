import { agentPermissions, natsUserClaims } from '@aetherius/shared/contracts';
import { type Signer, signedJwt } from '@aetherius/shared/nats';

type Wanted = {
  cluster: string;
  publicKey: string;
  /** Public key of the account that the agent becomes a user of, and one of that account's signing keys. */
  account: string;
  signer: Signer;
  now: Date;
  expiresAt: Date;
};

const unixSeconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/** Credentials of an agent: for its own cluster, for a while. No "not before", because the bus's clock may be behind ours. */
export const agentJwt = ({ cluster, publicKey, account, signer, now, expiresAt }: Wanted): string =>
  signedJwt(signer, {
    name: `agent-${cluster}`,
    sub: publicKey,
    iat: unixSeconds(now),
    exp: unixSeconds(expiresAt),
    nats: { ...natsUserClaims(agentPermissions(cluster)), issuer_account: account, type: 'user', version: 2 },
  });
