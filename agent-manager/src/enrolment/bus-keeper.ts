import { errors } from '@aetherius/shared/errors';
import type { Logger } from '@aetherius/shared/log';
import { type Claims, claimsOf, type Nats, signedJwt } from '@aetherius/shared/nats';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { z } from 'zod';
import type { EnrolmentStore } from './enrolment-store.ts';
import type { Issuer } from './issuer.ts';
import { SKEW_SECONDS, wantedAccount } from './wanted-account.ts';

const ANSWER_MS = 5_000;
const Update = z.object({ data: z.object({ code: z.literal(200) }) });
const Operators = z.object({
  data: z.object({
    trusted_operators_claim: z.array(z.object({ nats: z.object({ signing_keys: z.array(z.string()).nullish() }) })),
  }),
});

type Bus = { issuer: Issuer; nats: Pick<Nats, 'requestText'> };
type Deps = Bus & { db: Db; store: EnrolmentStore; now: () => Date };

/** Keeps the bus's account as the database has it: whom it shuts out, and whose signature lets in. */
export type BusKeeper = {
  settle(): Promise<void>;
  /** The account as the bus has it now. */
  account(): Promise<Claims>;
};

/** The database is the truth: a bus that was restored or made anew is told again. */
export const createBusKeeper = ({ db, store, issuer, now, nats }: Deps): BusKeeper => ({
  settle: () =>
    withTransaction(db, async (tx) => {
      await store.alone(tx);
      const revoked = await store.shutOut(tx, new Date(now().getTime() - SKEW_SECONDS * 1000));
      const retired = await store.retiredSigningKeys(tx);
      const [signingKey, formerSigner] = [issuer.agents.publicKey, issuer.formerAccounts];
      const current = await accountAt({ issuer, nats });
      const changed = wantedAccount(current, { revoked, signingKey, retired, formerSigner }, now());
      if (changed !== undefined) await update({ issuer, nats }, changed);
      if (retired.includes(signingKey))
        throw errors.conflict({
          signingKey,
          reason: 'is retired: the bus lets no agent in by it',
          way_out: 'restart agent-manager with the issuer file that is valid now',
        });
    }),
  account: () => accountAt({ issuer, nats }),
});

const accountAt = async ({ issuer: { account }, nats }: Bus): Promise<Claims> =>
  claimsOf(await nats.requestText(`$SYS.REQ.ACCOUNT.${account}.CLAIMS.LOOKUP`, '', ANSWER_MS));

async function update({ issuer, nats }: Bus, account: Claims): Promise<void> {
  // The bus takes and keeps what somebody signed whom it does not trust, and then does not act by it.
  if (issuer.formerAccounts !== undefined && !(await isTrusted(nats, issuer.accounts.publicKey)))
    throw errors.unavailable({
      part: 'nats',
      reason: 'the bus does not trust the new signing key of the operator yet',
      way_out: 'restart the bus with the auth.conf that is valid now',
    });
  const answer = await nats.requestText('$SYS.REQ.CLAIMS.UPDATE', signedJwt(issuer.accounts, account), ANSWER_MS);
  if (!Update.safeParse(JSON.parse(answer)).success)
    throw errors.unavailable({ part: 'nats', reason: `the account was not taken: ${answer.slice(0, 500)}` });
}

async function isTrusted(nats: Bus['nats'], operatorKey: string): Promise<boolean> {
  const answer = await nats.requestText('$SYS.REQ.SERVER.PING.VARZ', '', ANSWER_MS);
  const { trusted_operators_claim: operators } = Operators.parse(JSON.parse(answer)).data;
  return operators.some(({ nats: { signing_keys } }) => signing_keys?.includes(operatorKey));
}

/** Tells the bus at once what changed; false when it cannot be told yet. The change stands even then: the bus is told in rounds. */
export const tellNow = (keeper: BusKeeper, log: Logger, about: Record<string, string>): Promise<boolean> =>
  keeper.settle().then(
    () => true,
    (err: unknown) => {
      log.error({ err, ...about }, 'the bus could not be told yet who is shut out');
      return false;
    },
  );
