import { channels } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { consume, type Nats } from '@aetherius/shared/nats';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { caseOf } from './case.ts';
import type { CaseStore } from './case-store.ts';

/** Keeps how each incident turned out, and makes a case of it. */
export const startFeedback = ({ nats, db, cases, log }: { nats: Nats; db: Db; cases: CaseStore; log: Logger }) =>
  consume({
    nats,
    log,
    service: 'reasoning-service',
    purpose: 'feedback',
    stream: 'REASONING',
    channel: channels.feedback,
    handle: ({ body }) =>
      withTransaction(db, async (tx) => {
        await cases.record(tx, body);
        const made = caseOf(body);
        if (made !== undefined) await cases.keep(tx, made);
      }),
  });
