import type { Feedback } from '@aetherius/shared/contracts';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { caseOf, endsOf } from '../cases/case.ts';
import type { CaseFiling } from '../cases/case-filing.ts';
import type { LearningStore } from './learning-store.ts';
import type { Given } from './measured.ts';

export type Learning = { db: Db; filing: CaseFiling; learning: LearningStore };

/**
 * Keeps how incidents turned out, and makes cases of them. Postgres is the truth of what was said; a case follows as soon as
 * its store takes it, and an end that comes twice makes one case. Returned are ends of what was not answered here, from which
 * nothing is learnt.
 */
export async function learnFrom({ db, filing, learning }: Learning, given: readonly Given[]): Promise<Given[]> {
  const incidents = given.map(({ incident_id }) => incident_id);
  const { due, unknown } = await withTransaction(db, async (tx) => {
    const seen = await learning.structuresOf(tx, incidents);
    const fresh = await learning.record(tx, given);
    const due = given.flatMap((one) => {
      const structure = fresh.has(one.id) ? seen.get(one.incident_id) : undefined;
      const made = structure && caseOf(one, structure);
      return made === undefined ? [] : [{ feedback_id: one.id, made, ends: endsOf(one) }];
    });
    await filing.due(tx, due);
    return { due, unknown: given.filter(({ incident_id }) => !seen.has(incident_id)) };
  });
  if (due.length > 0) await filing.flush();
  return unknown;
}

/** The end of a run says nothing about what it really was. */
export const ofRun = (body: Feedback): Given => ({ ...body, actual_category: null, actor: null });
