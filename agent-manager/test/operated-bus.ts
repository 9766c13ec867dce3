import { randomBytes } from 'node:crypto';
import { busKeeper, natsUserClaims, type ServiceUser, servicePermissions } from '@aetherius/shared/contracts';
import { type Nats, openNats, type Signer, seedOf, signedJwt, signerOf } from '@aetherius/shared/nats';
import { natsServer, silentLogger, type TestNatsServer } from '@aetherius/shared/testing';
import type { Issuer } from '../src/enrolment/issuer.ts';

/** A key of the bus for one test. */
export function newSigner(kind: 'operator' | 'account' | 'user'): Signer {
  const signer = signerOf(seedOf(randomBytes(32), kind), kind);
  if (signer === undefined) throw new Error('a fresh seed is no seed');
  return signer;
}

const LIMITS = { subs: -1, data: -1, payload: -1, conn: -1, leaf: 0, imports: -1, exports: -1, wildcards: true };
const JETSTREAM = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
const iat = () => Math.floor(Date.now() / 1000);

/** A real bus that knows its users by their JWTs, with all that may let agents in and shut them out. */
export async function operatedBus() {
  const [operator, accounts] = [newSigner('operator'), newSigner('operator')];
  const [system, account, agents] = [newSigner('account'), newSigner('account'), newSigner('account')];
  const signed = (signer: Signer, sub: string, nats: object) =>
    signedJwt(signer, { name: sub, sub, iat: iat(), nats: { version: 2, ...nats } });
  const of = ({ publicKey }: Signer) => publicKey;
  const operatorJwt = signed(operator, of(operator), {
    type: 'operator',
    system_account: of(system),
    signing_keys: [of(accounts)],
  });
  const systemJwt = signed(operator, of(system), { type: 'account', limits: LIMITS });
  const accountJwt = signed(operator, of(account), {
    type: 'account',
    limits: { ...LIMITS, ...JETSTREAM },
    signing_keys: [of(agents)],
  });
  const server = await natsServer((folder) =>
    [
      `operator: ${operatorJwt}`,
      `system_account: ${of(system)}`,
      `resolver: { type: full, dir: "${folder}/accounts", allow_delete: true, interval: "2m" }`,
      `resolver_preload: {\n  ${of(system)}: ${systemJwt}\n  ${of(account)}: ${accountJwt}\n}\n`,
    ].join('\n'),
  );
  const userOf = (by: Signer, claims: object) => {
    const signer = newSigner('user');
    const jwt = signed(by, signer.publicKey, { type: 'user', ...claims });
    return { jwt: () => jwt, signer: () => signer };
  };
  const systemUser = userOf(system, natsUserClaims(busKeeper.permissions));
  const issuer: Issuer = { account: of(account), agents, accounts, systemUser };
  return {
    server,
    issuer,
    manager: userOf(account, natsUserClaims(servicePermissions('agent-manager'))),
    newUser: (service: ServiceUser) => userOf(account, natsUserClaims(servicePermissions(service))),
    keeper: (): Promise<Nats> => openKeeper(server, issuer),
  };
}

const openKeeper = (server: TestNatsServer, { systemUser: user }: Issuer): Promise<Nats> =>
  openNats({ url: server.url, user, name: 'bus-keeper', inboxPrefix: busKeeper.inboxPrefix }, silentLogger());
