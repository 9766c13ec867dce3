import type { Logger } from '@aetherius/shared/log';
import { type Db, sql, type Tx, withTransaction } from '@aetherius/shared/postgres';
import type { Case, CaseEnd } from './case.ts';
import type { CaseStore } from './case-store.ts';

/** A case on its way into the store, with the ends that its remedy has. */
type Due = { feedback_id: string; made: Case; ends: CaseEnd[]; tries: number };

/** Rows that one round takes at most, so that a round always ends. */
const MOST = 500;
const LONGEST_WAIT = sql.raw(`interval '5 minutes'`);

export type CaseFiling = {
  due(tx: Tx, filed: Pick<Due, 'feedback_id' | 'made' | 'ends'>): Promise<void>;
  flush(): Promise<void>;
};

/**
 * Brings cases into their store. What is due is a row in the same transaction as the end that made it, and goes only when the
 * store has it: a store that is away for a day delays a case by a day and loses none.
 */
export function createCaseFiling({ db, cases, log }: { db: Db; cases: CaseStore; log: Logger }): CaseFiling {
  const fileOne = (): Promise<'filed' | 'none' | 'away'> =>
    withTransaction(db, async (tx) => {
      const due = await tx.maybe<Due>(
        sql`select feedback_id, made, ends, tries from case_due where due_at <= now() order by due_at limit 1 for update skip locked`,
      );
      if (due === undefined) return 'none';
      try {
        await cases.keep([due.made]);
        await cases.note(due.ends);
      } catch (err) {
        await postpone(tx, due, err);
        log.warn({ err, feedback_id: due.feedback_id, tries: due.tries + 1 }, 'a case could not be kept yet');
        return 'away';
      }
      await tx.run(sql`delete from case_due where feedback_id = ${due.feedback_id}`);
      return 'filed';
    });
  return {
    due: async (tx, { feedback_id, made, ends }) => {
      await tx.run(sql`insert into case_due (feedback_id, made, ends) values (${feedback_id}, ${made}, ${sql.json(ends)}::jsonb)
        on conflict (feedback_id) do nothing`);
    },
    flush: async () => {
      for (let filed = 0; filed < MOST; filed += 1) if ((await fileOne()) !== 'filed') return;
    },
  };
}

/** Each try that fails waits twice as long as the one before; the other rows have their turn first. */
async function postpone(tx: Tx, { feedback_id, tries }: Due, error: unknown): Promise<void> {
  const problem = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  await tx.run(sql`update case_due set tries = tries + 1, problem = ${problem},
    due_at = now() + least(interval '1 second' * power(2, ${Math.min(tries, 20)}), ${LONGEST_WAIT}) where feedback_id = ${feedback_id}`);
}
