import { Timestamp } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { type Route, route } from '@aetherius/shared/http';
import type { Logger } from '@aetherius/shared/log';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { z } from 'zod';
import type { Trail } from '../audit/trail.ts';
import { tellNow } from './bus-keeper.ts';
import type { Door } from './enrolment.ts';
import type { EnrolmentStore } from './enrolment-store.ts';
import { signingKeysOf } from './wanted-account.ts';

const AccountKey = z
  .string()
  .regex(/^A[A-Z2-7]{55}$/, 'must be the public half of a signing key of the account: A and 55 letters and digits');
const SigningKeys = z.object({
  own: AccountKey.describe('By which the replica that answers signs'),
  trusted: z.array(AccountKey).describe('By whose signature the bus lets agents in'),
  account_signed_by: z.string().nullable().describe('The key of the operator that signed the account last'),
});
const Retirement = z.object({
  public_key: AccountKey,
  retired_at: Timestamp,
  cut_off: z
    .boolean()
    .describe('Whether the bus has ended the connections of whom it let in; if not, it is told as soon as it answers'),
});

type Deps = { db: Db; store: EnrolmentStore; trail: Trail; now: () => Date; door: () => Door; log: Logger };

/** Looking after the keys by which agents are let in, while they are replaced. */
export const signingKeyRoutes = (deps: Deps): Route[] => [listRoute(deps), retireRoute(deps)];

const listRoute = ({ door }: Pick<Deps, 'door'>): Route =>
  route({
    method: 'get',
    path: '/api/v1/bus/signing-keys',
    summary: 'The signing keys of the bus as it has them now',
    role: 'admin',
    response: SigningKeys,
    handler: async () => {
      const { keeper, issuer } = door();
      const account = await keeper.account();
      return {
        own: issuer.agents.publicKey,
        trusted: signingKeysOf(account),
        account_signed_by: account.iss ?? null,
      };
    },
  });

const retireRoute = ({ db, store, trail, now, door, log }: Deps): Route =>
  route({
    method: 'delete',
    path: '/api/v1/bus/signing-keys/:public_key',
    summary: 'Retire a replaced signing key of the account for good: whoever was let in by it is cut off',
    role: 'admin',
    request: { params: z.object({ public_key: AccountKey }) },
    response: Retirement,
    handler: async ({ params: { public_key }, actor }) => {
      const { keeper, issuer } = door();
      if (public_key === issuer.agents.publicKey)
        throw errors.conflict({
          public_key,
          reason: 'this is the key by which agent-manager itself signs',
          way_out: 'give agent-manager its new issuer file and restart it first',
        });
      if (!signingKeysOf(await keeper.account()).includes(public_key)) throw errors.not_found({ public_key });
      const at = now();
      const retired_at = await withTransaction(db, async (tx) => {
        await trail(tx, { actor: actor.id, action: 'retire_bus_signing_key', target: public_key, details: {} });
        return store.retireSigningKey(tx, public_key, at);
      });
      const cut_off = await tellNow(keeper, log, { public_key });
      return { public_key, retired_at, cut_off };
    },
  });
