import { prune, sql } from '@aetherius/shared/postgres';
import { database, fakeClock, needs, type TestDatabase } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { reasoningExpiries } from '../src/retention.ts';

const OLD = '2026-01-01T00:00:00.000Z';
const NEW = '2026-05-01T00:00:00.000Z';
const days = {
  RETENTION_ANSWERS_DAYS: 60,
  RETENTION_FEEDBACK_DAYS: 60,
  RETENTION_WATCHES_DAYS: 30,
  RETENTION_LLM_CALLS_DAYS: 30,
  RETENTION_INBOX_DAYS: 14,
};

needs('postgres')('retention of the reasoning service', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await database({ schema: 'reasoning_service', migrations: new URL('../migrations/', import.meta.url) });
  });
  afterAll(() => test.drop());

  it('removes answers, feedback, watches and calls by their age, and no case', async () => {
    const { db } = test;
    for (const [name, at] of [
      ['old', OLD],
      ['new', NEW],
    ]) {
      await db.run(sql`insert into answered values (${name}, 'c', 0.9, '{}', '{}', '{}', ${at})`);
      await db.run(
        sql`insert into feedback (id, incident_id, source, outcome, at) values (${name}, 'i', 'run', 'verified', ${at})`,
      );
      await db.run(sql`insert into detector values (${name}, 'eu-1', 'series', '{}', '{}', '', '', ${at}, 1)`);
      await db.run(sql`
        insert into llm_call (id, at, tenant, cluster_id, model, outcome, input_tokens, output_tokens)
        values (gen_random_uuid(), ${at}, 't', 'eu-1', 'm', 'answered', 1, 1)`);
      await db.run(sql`
        insert into case_study (id, category, subject_kind, summary, symptoms, outcome, at)
        values (${name}, 'c', 'Pod', 's', '{}', 'verified', ${at})`);
    }
    const removed: Record<string, number> = {};
    const clock = fakeClock('2026-05-02T00:00:00.000Z');
    await prune(
      { db, expiries: reasoningExpiries(days), clock, signal: new AbortController().signal },
      (what, rows) => {
        removed[what] = rows;
      },
      (_, error) => {
        throw error;
      },
    );
    expect(removed).toEqual({ answered: 1, feedback: 1, detector: 1, llm_call: 1 });
    expect(await db.many(sql`select id from case_study order by id`)).toEqual([{ id: 'new' }, { id: 'old' }]);
  });
});
