import { type Db, sql } from '@aetherius/shared/postgres';
import type { KeptCase } from './case.ts';
import { type CaseStore, latestOfEach, wordsIn } from './case-store.ts';

const columns = sql`id, incident_id, source, title, category, subject_kind, summary, symptoms, object_kinds, edges, action, outcome, at`;
/** Old ends weigh next to nothing, so the newest are enough. */
const ends = sql`coalesce((select jsonb_agg(jsonb_build_object('worked', worked, 'at', to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by at desc)
  from (select worked, at from case_end where case_id = case_study.id order by at desc limit 200) as latest), '[]'::jsonb) as ends`;

/** Cases in tables, found by arrays of symptoms and a full-text index. */
export const createPostgresCaseStore = (db: Db): CaseStore => ({
  kind: 'postgres',
  keep: async (cases) => {
    await db.often.run(sql`
      insert into case_study (${columns})
      select ${columns} from json_populate_recordset(null::case_study, ${sql.json(latestOfEach(cases))}::json) order by id
      on conflict (id) do update set incident_id = excluded.incident_id, source = excluded.source, title = excluded.title,
        category = excluded.category, subject_kind = excluded.subject_kind, summary = excluded.summary, symptoms = excluded.symptoms,
        object_kinds = excluded.object_kinds, edges = excluded.edges, action = excluded.action, outcome = excluded.outcome, at = excluded.at
      where case_study.at <= excluded.at`);
  },
  note: async (noted) => {
    if (noted.length === 0) return;
    await db.often.run(sql`
      insert into case_end (case_id, feedback_id, worked, at)
      select case_id, feedback_id, worked, noted.at
      from json_populate_recordset(null::case_end, ${sql.json(noted)}::json) as noted join case_study on id = case_id
      order by case_id, feedback_id
      on conflict (case_id, feedback_id) do nothing`);
  },
  candidates: ({ category, symptoms }, most) =>
    db.often.many<KeptCase>(sql`
      select ${columns}, ${ends} from case_study
      where category = ${category} or symptoms && ${symptoms}::text[]
      order by (select count(*) from unnest(symptoms) as shown where shown = any(${symptoms}::text[])) desc,
        (category = ${category}) desc, at desc, id limit ${most}`),
  search: async (text, most) => {
    const asked = wordsIn(text).join(' | ');
    if (asked === '') return [];
    return db.many<KeptCase>(sql`
      select ${columns}, ${ends} from case_study, to_tsquery('english', ${asked}) as asked
      where words @@ asked order by ts_rank(words, asked) desc, at desc, id limit ${most}`);
  },
  list: ({ limit, before }) =>
    db.many<KeptCase>(sql`
      select ${columns}, ${ends} from case_study
      where ${before === undefined ? sql`true` : sql`(at, id) < (${before.at}::timestamptz, ${before.id})`}
      order by at desc, id desc limit ${limit}`),
  count: () =>
    db.one(sql`select (select count(*) from case_study) as cases, (select count(*) from case_end) as ends,
      (select count(distinct shown) from case_study, unnest(symptoms) as shown) as symptoms`),
});
