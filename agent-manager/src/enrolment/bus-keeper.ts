import { errors } from '@aetherius/shared/errors';
import type { Logger } from '@aetherius/shared/log';
import { claimsOf, type Nats, signedJwt } from '@aetherius/shared/nats';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { z } from 'zod';
import type { EnrolmentStore } from './enrolment-store.ts';
import type { Issuer } from './issuer.ts';
import { SKEW_SECONDS, withRevocations } from './revoked-account.ts';

const ANSWER_MS = 5_000;
const Update = z.object({ data: z.object({ code: z.literal(200) }) });

type Deps = { db: Db; store: EnrolmentStore; issuer: Issuer; now: () => Date; nats: Pick<Nats, 'requestText'> };

/** Keeps the bus's list of shut-out keys as the database has it. */
export type BusKeeper = { settle(): Promise<void> };

/** The database is the truth: a bus that was restored or made anew is told again. */
export const createBusKeeper = ({ db, store, issuer, now, nats }: Deps): BusKeeper => ({
  settle: () =>
    withTransaction(db, async (tx) => {
      await store.alone(tx);
      const keys = await store.shutOut(tx, new Date(now().getTime() - SKEW_SECONDS * 1000));
      const account = await nats.requestText(`$SYS.REQ.ACCOUNT.${issuer.account}.CLAIMS.LOOKUP`, '', ANSWER_MS);
      const changed = withRevocations(claimsOf(account), keys, now());
      if (changed === undefined) return;
      const answer = await nats.requestText('$SYS.REQ.CLAIMS.UPDATE', signedJwt(issuer.accounts, changed), ANSWER_MS);
      if (!Update.safeParse(JSON.parse(answer)).success)
        throw errors.unavailable({ part: 'nats', reason: `the account was not taken: ${answer.slice(0, 500)}` });
    }),
});

/** Tells the bus at once who was shut out; false when it cannot be told yet. The revocation stands even then: the bus is told in rounds. */
export const tellNow = (keeper: BusKeeper, log: Logger, about: Record<string, string>): Promise<boolean> =>
  keeper.settle().then(
    () => true,
    (err: unknown) => {
      log.error({ err, ...about }, 'the bus could not be told yet who is shut out');
      return false;
    },
  );
