import { isRetryable } from '@aetherius/shared/errors';
import type { Logger } from '@aetherius/shared/log';
import { type Db, sql, type Tx, withTransaction } from '@aetherius/shared/postgres';
import type { Case, CaseEnd } from './case.ts';
import type { CaseStore } from './case-store.ts';

/** A case on its way into the store, with the ends that its remedy has. */
type Due = { feedback_id: string; made: Case; ends: CaseEnd[] };

/** Rows that one transaction takes, and all those of a round at most, so that a round always ends. */
const TOGETHER = 100;
const MOST = 500;
const LONGEST_WAIT = sql.raw(`interval '5 minutes'`);

export type CaseFiling = {
  /** Notes cases in the transaction of the ends that make them. */
  due(tx: Tx, filed: readonly Due[]): Promise<void>;
  flush(): Promise<void>;
};

/**
 * Brings cases into their store. What is due is a row in the same transaction as the end that made it, and goes only when the
 * store has it: a store that is away for a day delays a case by a day and loses none.
 */
export function createCaseFiling({ db, ...into }: { db: Db; cases: CaseStore; log: Logger }): CaseFiling {
  return {
    due: async (tx, filed) => {
      if (filed.length === 0) return;
      await tx.run(sql`insert into case_due (feedback_id, made, ends)
        select feedback_id, made, ends from json_populate_recordset(null::case_due, ${sql.json(filed)}::json)
        on conflict (feedback_id) do nothing`);
    },
    flush: async () => {
      let most = TOGETHER;
      for (let taken = 0; taken < MOST; taken += most) {
        const outcome = await withTransaction(db, (tx) => file(tx, into, most));
        if (outcome === 'apart') most = 1;
        else if (outcome !== 'filed') return;
      }
    },
  };
}

type Filed = 'filed' | 'none' | 'apart' | 'away';

/** Of several that the store does not take, one may be to blame: then none is put off, and each is to be tried alone. */
async function file(tx: Tx, { cases, log }: { cases: CaseStore; log: Logger }, most: number): Promise<Filed> {
  const due = await tx.many<Due>(
    sql`select feedback_id, made, ends from case_due where due_at <= now() order by due_at limit ${most} for update skip locked`,
  );
  if (due.length === 0) return 'none';
  const ids = due.map(({ feedback_id }) => feedback_id);
  try {
    await cases.keep(due.map(({ made }) => made));
    await cases.note(due.flatMap(({ ends }) => ends));
  } catch (err) {
    if (due.length > 1 && !isRetryable(err)) return 'apart';
    await postpone(tx, ids, err);
    log.warn({ err, feedback_ids: ids }, 'cases could not be kept yet');
    return 'away';
  }
  await tx.run(sql`delete from case_due where feedback_id = any(${ids})`);
  return due.length < most ? 'none' : 'filed';
}

/** Each try that fails waits twice as long as the one before; the other rows have their turn first. */
async function postpone(tx: Tx, ids: readonly string[], error: unknown): Promise<void> {
  const problem = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  await tx.run(sql`update case_due set tries = tries + 1, problem = ${problem},
    due_at = now() + least(interval '1 second' * power(2, least(tries, 20)), ${LONGEST_WAIT}) where feedback_id = any(${[...ids]})`);
}
