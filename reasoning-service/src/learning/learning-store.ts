import type { Diagnosis } from '@aetherius/shared/contracts';
import { type Db, sql, type Tx } from '@aetherius/shared/postgres';
import type { Structure } from '../cases/structure.ts';
import type { Outcomes } from '../recommendations/rank.ts';
import type { Trust } from './adjust-confidence.ts';
import { HALF_LIFE_DAYS } from './decay.ts';
import type { Answered, Given, Judgement, Marks, RemedyEnds, Taken } from './measured.ts';
import type { Rating } from './rating.ts';

export type LearningStore = ReturnType<typeof createLearningStore>;

const weight = sql.raw(`power(0.5, greatest(0, extract(epoch from (now_at - at))) / 86400 / ${HALF_LIFE_DAYS})`);
/** The same reading of an end as `diagnosisVerdict` and `remedyVerdict`. */
const isRight = sql.raw(
  `case when outcome = 'wrong' then false when outcome = 'confirmed' or (source = 'run' and outcome = 'verified') then true end`,
);
const hasWorked = sql.raw(
  `case when action is null then null when outcome in ('verified', 'contained') then true when outcome in ('rolled_back', 'not_repaired', 'failed') then false end`,
);
/** What a verdict weighs: a cluster had an incident, while evidence that somebody handed in may never have been anywhere. */
const share = sql.raw('case when content is null then 1 else 0.25 end');

/**
 * A person's latest word on an incident counts, else the run's. Of evidence that was handed in each person has one word, however
 * often it is sent.
 */
const judged = sql`select distinct on (voice) * from (
    select distinct on (incident_id) category, confidence, ${isRight} as is_right, actual_category, at, actor, content, abstained,
      case when content is null then incident_id else coalesce(actor, '') || ' ' || content end as voice
    from feedback where category is not null and ${isRight} is not null order by incident_id, (source = 'person') desc, at desc
  ) as word order by voice, at desc`;
/** A cause that was not answered with cannot have been a right or a wrong answer. */
const judgedAnswers = sql`select category, confidence, is_right, actual_category, at from (${judged}) as judged where not abstained`;

/**
 * Ends of remedies: a person's latest word on what one did for an incident, or for the same evidence, stands for all others of it,
 * else each run counts.
 */
const ends = sql`select * from feedback as one where category is not null and ${hasWorked} is not null and not exists (
  select from feedback as word where word.action = one.action and word.source = 'person'
    and (word.incident_id = one.incident_id or (word.content = one.content and word.actor = one.actor))
    and word.outcome in ('verified', 'contained', 'rolled_back', 'not_repaired', 'failed')
    and (one.source = 'run' or (word.at, word.id) > (one.at, one.id)))`;

/** Actions and remedies of the catalogue that an agent could have carried out. */
const offeredIn = ({ recommendations }: Diagnosis): string[] => [
  ...new Set(recommendations.flatMap(({ action, name }) => (name === null ? [action] : [action, name]))),
];
/** Names written in any way: `set_resources` and `Set resources` are the same. */
const plain = (column: string) => sql.raw(`lower(replace(${column}, '_', ' '))`);

/** What an incident, or a request that belongs to none, was answered; `content` is the hash of what the request handed in. */
export type Said = {
  incident_id: string;
  diagnosis: Diagnosis;
  structure: Structure;
  at: string;
  content: string | null;
};

const rowOf = ({ incident_id, diagnosis, structure, at, content }: Said) => ({
  ...{ incident_id, ...structure, at, content },
  abstained: diagnosis.status === 'abstained',
  category: diagnosis.category,
  confidence: diagnosis.confidence,
  offered: offeredIn(diagnosis),
  advised: diagnosis.advice.map(({ name }) => name),
});

/** Of two answers for one incident the last one counts. */
const insertAnswers = (said: readonly Said[]) => sql`
  insert into answered (incident_id, category, confidence, symptoms, object_kinds, edges, offered, advised, at, content, abstained)
  select incident_id, category, confidence, symptoms, object_kinds, edges, offered, advised, at, content, abstained from json_populate_recordset(
    null::answered, ${sql.json([...new Map(said.map((one) => [one.incident_id, rowOf(one)])).values()])}::json)
  order by incident_id`;

type Answer = { category: string; offers: string[] };

/** What verdicts say by now: how remedies ended, and how often answers of each cause were right and wrong. */
export type Learnt = { outcomes: Outcomes; records: ReadonlyMap<string, Trust> };

export const createLearningStore = (db: Db) => ({
  /** What incidents were last answered, for their ends to be bound to. */
  answered: (tx: Tx, said: readonly Said[]): Promise<number> =>
    tx.run(sql`${insertAnswers(said)}
      on conflict (incident_id) do update set category = excluded.category, confidence = excluded.confidence, symptoms = excluded.symptoms,
        object_kinds = excluded.object_kinds, edges = excluded.edges, offered = excluded.offered, advised = excluded.advised, at = excluded.at,
        content = excluded.content, abstained = excluded.abstained`),

  /** What a request was answered that belongs to no incident; an id that is taken stays what it was. */
  answeredRequest: (said: Said): Promise<number> =>
    db.often.run(sql`${insertAnswers([said])} on conflict (incident_id) do nothing`),

  /** What an incident or a request was last answered; undefined when it was not answered here. */
  answerOf: (incidentId: string): Promise<Answer | undefined> =>
    db.maybe<Answer>(
      sql`select category, offered || advised as offers from answered where incident_id = ${incidentId}`,
    ),

  /** That something was forecast under this id, for marks to be about. */
  forecast: (requestId: string, at: string): Promise<number> =>
    db.often.run(sql`insert into forecast_answer (request_id, at) values (${requestId}, ${at}) on conflict do nothing`),

  wasForecast: async (requestId: string): Promise<boolean> =>
    (await db.maybe(sql`select from forecast_answer where request_id = ${requestId}`)) !== undefined,

  /** How incidents looked when they were answered; those that were not answered here are left out. */
  structuresOf: async (tx: Tx, incidentIds: readonly string[]): Promise<Map<string, Structure>> => {
    const rows = await tx.many<Structure & { incident_id: string }>(
      sql`select incident_id, symptoms, object_kinds, edges from answered where incident_id = any(${[...incidentIds]})`,
    );
    return new Map(rows.map(({ incident_id, ...structure }) => [incident_id, structure]));
  },

  /** Keeps a mark; the same one twice is one. */
  rate: (rating: Rating): Promise<number> =>
    db.run(sql`
      insert into rating (id, request_id, feedback_type, rating, was_helpful, actual_root_cause, actual_solution, comments, submitted_by, at)
      values (${rating.id}, ${rating.request_id}, ${rating.feedback_type}, ${rating.rating}, ${rating.was_helpful}, ${rating.actual_root_cause},
        ${rating.actual_solution}, ${rating.comments}, ${rating.submitted_by}, ${rating.at})
      on conflict (id) do nothing`),

  ratings: (): Promise<Marks[]> =>
    db.many<Marks>(sql`select feedback_type, count(*) as count, avg(rating)::float8 as mean,
      count(*) filter (where rating >= 4 and was_helpful is not false) as good, count(*) filter (where rating <= 2 or was_helpful is false) as bad
      from rating group by feedback_type order by feedback_type`),

  /**
   * Keeps verdicts and tells which are new: the same one twice is one, and one on what was not answered here is none. A person
   * judges what was answered, with the confidence that it had; a run may have begun with an earlier answer, and says with which.
   */
  record: async (tx: Tx, given: readonly Given[]): Promise<Set<string>> => {
    const rows = given.map(({ diagnosis, ...one }) =>
      one.source === 'run'
        ? {
            ...{ ...one, category: one.category ?? diagnosis?.category, confidence: diagnosis?.confidence },
            abstained: diagnosis === null ? null : diagnosis.status === 'abstained',
          }
        : { ...one, category: null },
    );
    const kept = await tx.many<{ id: string }>(sql`
      insert into feedback (id, incident_id, source, category, action, outcome, comment, confidence, actual_category, at, actor, content, abstained)
      select said.id, incident_id, said.source, coalesce(said.category, a.category), said.action, said.outcome, said.comment,
        coalesce(said.confidence, a.confidence), said.actual_category, said.at, said.actor,
        a.content, coalesce(said.abstained, a.abstained)
      from json_populate_recordset(null::feedback, ${sql.json(rows)}::json) as said join answered as a using (incident_id)
      order by said.id
      on conflict (id) do nothing returning id`);
    return new Set(kept.map(({ id }) => id));
  },

  /** What all verdicts say, older ones weighing less. */
  learnt: async (now: Date): Promise<Learnt> => {
    const clock = sql`(select ${now.toISOString()}::timestamptz as now_at) as clock`;
    const [outcomes, records] = await Promise.all([
      db.often.many<{ category: string; action: string; worked: number; failed: number }>(sql`
        select category, action, coalesce(sum(${weight} * ${share}) filter (where ${hasWorked}), 0) as worked,
          coalesce(sum(${weight} * ${share}) filter (where not ${hasWorked}), 0) as failed
        from (${ends}) as ends, ${clock} group by category, action`),
      db.often.many<Trust & { category: string }>(sql`
        select category, coalesce(sum("right"), 0) as right, coalesce(sum(wrong), 0) as wrong, coalesce(max(wrong), 0) as loudest
        from (select category, actor, sum(${weight} * ${share}) filter (where is_right) as right,
            sum(${weight} * ${share}) filter (where not is_right) as wrong
          from (${judged}) as judged, ${clock} group by category, actor) as said
        group by category`),
    ]);
    return {
      outcomes: new Map(outcomes.map(({ category, action, ...ends }) => [`${category} ${action}`, ends])),
      records: new Map(records.map(({ category, ...record }) => [category, record])),
    };
  },

  /** Which share of the judged answers was right; null as long as none is judged. */
  share: async (): Promise<number | null> =>
    (
      await db.one<{ share: number | null }>(
        sql`select avg(is_right::int)::float8 as share from (${judgedAnswers}) as judged`,
      )
    ).share,

  judgements: (category: string | undefined): Promise<Judgement[]> =>
    db.many<Judgement>(sql`select * from (${judgedAnswers}) as judged
      where ${category === undefined ? sql`true` : sql`category = ${category}`} order by at desc limit 20000`),

  answers: (category: string | undefined): Promise<Answered[]> =>
    db.many<Answered>(sql`select category, count(*) as answered from answered
      where not abstained and ${category === undefined ? sql`true` : sql`category = ${category}`} group by category order by category`),

  /**
   * Which offers were taken. A run that ended says it of what an agent could do, a person who names what was done of advice as well;
   * a verdict that names nothing says nothing of either.
   */
  taken: (category: string | undefined): Promise<Taken[]> =>
    db.many<Taken>(sql`
      with done as (
        select incident_id, source, action from feedback where source = 'run' or action is not null
        union all select request_id, 'person', actual_solution from rating where actual_solution is not null
      ), known as (
        select a.category, a.offered <> '{}' and bool_or(d.source = 'run') or bool_or(d.source = 'person') as measurable,
          bool_or(exists (select from unnest(a.offered || a.advised) as offer
            where d.action is not null and position(${plain('offer')} in ${plain('d.action')}) > 0)) as taken
        from answered a join done d using (incident_id)
        where a.offered || a.advised <> '{}' and ${category === undefined ? sql`true` : sql`a.category = ${category}`}
        group by a.incident_id
      )
      select category, count(*) as offers, count(*) filter (where taken) as taken from known
      where measurable group by category order by category`),

  remedyEnds: (): Promise<RemedyEnds[]> =>
    db.many<RemedyEnds>(sql`select category, action as remedy, count(*) as tried, count(*) filter (where ${hasWorked}) as worked
      from (${ends}) as ends group by category, action order by category, action`),
});
