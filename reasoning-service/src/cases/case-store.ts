import type { Diagnosis, Feedback } from '@aetherius/shared/contracts';
import type { Place } from '@aetherius/shared/http';
import { type Db, sql, type Tx } from '@aetherius/shared/postgres';
import type { Case } from './case.ts';

export type CaseStore = ReturnType<typeof createCaseStore>;

const columns = sql`id, incident_id, category, subject_kind, summary, symptoms, action, outcome, at`;

export const createCaseStore = (db: Db) => ({
  /** A later end of the same incident replaces the earlier one: an incident is one case. */
  keep: (tx: Tx, kept: Case): Promise<number> =>
    tx.run(sql`
    insert into case_study (${columns})
    values (${kept.id}, ${kept.incident_id}, ${kept.category}, ${kept.subject_kind}, ${kept.summary}, ${kept.symptoms}, ${kept.action}, ${kept.outcome}, ${kept.at})
    on conflict (id) do update set category = excluded.category, summary = excluded.summary, symptoms = excluded.symptoms,
      action = excluded.action, outcome = excluded.outcome, at = excluded.at
    where case_study.at <= excluded.at`),

  /** The latest cases of the same cause on the same kind of object. */
  similar: ({ category, subject }: Pick<Diagnosis, 'category' | 'subject'>, most: number): Promise<Case[]> =>
    db.many<Case>(sql`
    select ${columns} from case_study where category = ${category} and subject_kind = ${subject.kind} order by at desc, id desc limit ${most}`),

  /** Cases newest first, from just after `before`. */
  list: ({ limit, before }: { limit: number; before: Place | undefined }): Promise<Case[]> =>
    db.many<Case>(sql`
    select ${columns} from case_study
    where ${before === undefined ? sql`true` : sql`(at, id) < (${before.at}::timestamptz, ${before.id})`}
    order by at desc, id desc limit ${limit}`),

  /** The same verdict twice is one. */
  record: (tx: Tx, given: Feedback): Promise<number> =>
    tx.run(sql`
    insert into feedback (id, incident_id, source, category, action, outcome, comment, at)
    values (${given.id}, ${given.incident_id}, ${given.source}, ${given.category}, ${given.action}, ${given.outcome}, ${given.comment}, ${given.at})
    on conflict (id) do nothing`),
});
