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

/** The public half of a user's nkey: 32 bytes and a checksum in base 32. */
const UserKey = z
  .string()
  .regex(/^U[A-Z2-7]{55}$/, 'must be the public key of a user of the bus: U and 55 letters and digits');
const Revocation = z.object({
  public_key: UserKey,
  revoked_at: Timestamp,
  cut_off: z.boolean().describe('Whether the bus has ended its connections; if not, it is told as soon as it answers'),
});

type Deps = {
  db: Db;
  store: EnrolmentStore;
  trail: Trail;
  now: () => Date;
  door: () => Door;
  /** The user by which this very service is on the bus. */
  ownUser: () => string | undefined;
  log: Logger;
};

/** Shutting out a user of the bus whose key is replaced or was stolen. */
export const busUserRoute = ({ db, store, trail, now, door, ownUser, log }: Deps): Route =>
  route({
    method: 'delete',
    path: '/api/v1/bus/users/:public_key',
    summary: "Shut a user of the bus out for good, such as a service's old one after its credentials were replaced",
    role: 'admin',
    request: { params: z.object({ public_key: UserKey }) },
    response: Revocation,
    handler: async ({ params: { public_key }, actor }) => {
      const { keeper } = door();
      if (public_key === ownUser())
        throw errors.conflict({
          public_key,
          reason: 'this is the user by which agent-manager itself is on the bus',
          way_out: 'give agent-manager its new credentials first',
        });
      const at = now();
      const revoked_at = await withTransaction(db, async (tx) => {
        await trail(tx, { actor: actor.id, action: 'revoke_bus_user', target: public_key, details: {} });
        return store.revokeUser(tx, public_key, at);
      });
      const cut_off = await tellNow(keeper, log, { public_key });
      return { public_key, revoked_at, cut_off };
    },
  });
