import type { Feedback } from '@aetherius/shared/contracts';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { caseOf, endsOf } from '../cases/case.ts';
import type { CaseStore } from '../cases/case-store.ts';
import type { LearningStore } from './learning-store.ts';
import type { Given } from './measured.ts';

export type Learning = { db: Db; cases: CaseStore; learning: LearningStore };

/**
 * Keeps how an incident turned out, and makes a case of it. The cases come last and inside the transaction: when they cannot
 * be written, which with Neo4j is another server, the end counts as not yet learnt and is delivered again.
 */
export const learnFrom = ({ db, cases, learning }: Learning, given: Given): Promise<void> =>
  withTransaction(db, async (tx) => {
    await learning.record(tx, given);
    const made = caseOf(given, await learning.structureOf(tx, given.incident_id));
    if (made === undefined) return;
    await cases.keep([made]);
    await cases.note(endsOf(given));
  });

/** The end of a run says nothing about what it really was. */
export const ofRun = (body: Feedback): Given => ({ ...body, actual_category: null });
