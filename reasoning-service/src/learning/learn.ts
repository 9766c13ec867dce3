import type { Feedback } from '@aetherius/shared/contracts';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { caseOf, endsOf } from '../cases/case.ts';
import type { CaseFiling } from '../cases/case-filing.ts';
import type { LearningStore } from './learning-store.ts';
import type { Given } from './measured.ts';

export type Learning = { db: Db; filing: CaseFiling; learning: LearningStore };

/**
 * Keeps how an incident turned out, and makes a case of it. Postgres is the truth of what was said; the case follows as soon as
 * its store takes it, and an end that comes twice makes one case.
 */
export async function learnFrom({ db, filing, learning }: Learning, given: Given): Promise<void> {
  await withTransaction(db, async (tx) => {
    const isNew = (await learning.record(tx, given)) > 0;
    const made = caseOf(given, await learning.structureOf(tx, given.incident_id));
    if (isNew && made !== undefined) await filing.due(tx, { feedback_id: given.id, made, ends: endsOf(given) });
  });
  await filing.flush();
}

/** The end of a run says nothing about what it really was. */
export const ofRun = (body: Feedback): Given => ({ ...body, actual_category: null });
