import type { Feedback } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { sql, withTransaction } from '@aetherius/shared/postgres';
import { aDiagnosis, database, needs, silentLogger } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createCaseFiling } from '../src/cases/case-filing.ts';
import { createPostgresCaseStore } from '../src/cases/postgres-case-store.ts';
import { learnFrom, ofRun } from '../src/learning/learn.ts';
import { createLearningStore } from '../src/learning/learning-store.ts';

const structure = { symptoms: ['ended/OOMKilled'], object_kinds: ['Pod'], edges: [] };

const caseOfEnd = (id: string) => `incident-incident-of-${id}`;

/** A store on another server: away as long as it is told to be. */
async function rig() {
  const test = await database({ schema: 'reasoning_service', migrations: new URL('../migrations/', import.meta.url) });
  const { db } = test;
  const store = createPostgresCaseStore(db);
  const server: { isAway: boolean; asked: number; refused?: string | undefined } = { isAway: true, asked: 0 };
  const keep: typeof store.keep = async (cases) => {
    server.asked += 1;
    if (server.isAway) throw errors.unavailable({ part: 'neo4j', reason: 'connection refused' });
    if (cases.some(({ id }) => id === server.refused)) throw new Error('not like this');
    await store.keep(cases);
  };
  const filing = createCaseFiling({ db, cases: { ...store, keep }, log: silentLogger() });
  const learning = createLearningStore(db);
  const diagnosis = aDiagnosis({ category: 'oom_killed' });
  const end = (id: string): Feedback => ({
    id,
    incident_id: `incident-of-${id}`,
    source: 'run',
    category: 'oom_killed',
    action: 'set_resources',
    outcome: 'verified',
    comment: null,
    diagnosis,
    at: '2026-03-01T00:00:00.000Z',
  });
  /** The ends of incidents that were answered before. */
  const learnAll = async (ids: readonly string[], ended: Partial<Feedback> = {}) => {
    const said = ids.map((id) => ({
      incident_id: `incident-of-${id}`,
      diagnosis,
      structure,
      at: end(id).at,
      content: null,
    }));
    await withTransaction(db, (tx) => learning.answered(tx, said));
    await learnFrom(
      { db, filing, learning },
      ids.map((id) => ofRun({ ...end(id), ...ended })),
    );
  };
  const learn = (id: string, ended: Partial<Feedback> = {}) => learnAll([id], ended);
  const soon = () => db.run(sql`update case_due set due_at = now()`);
  const dueNow = () => db.many<{ feedback_id: string; tries: number }>(sql`select feedback_id, tries from case_due`);
  return { ...test, server, filing, learning, learn, learnAll, soon, dueNow };
}

needs('postgres')('cases whose store is away', () => {
  let at: Awaited<ReturnType<typeof rig>>;
  beforeAll(async () => {
    at = await rig();
  }, 60_000);
  afterAll(async () => at.drop(), 30_000);

  it('wait for it without a bound, while what was said counts at once', async () => {
    await at.learn('a');
    for (let round = 0; round < 8; round += 1) {
      await at.soon();
      await at.filing.flush();
    }
    expect(await at.dueNow()).toEqual([{ feedback_id: 'a', tries: 9 }]);
    const { records } = await at.learning.learnt(new Date('2026-03-01T00:00:00Z'));
    expect([...records]).toEqual([['oom_killed', { right: 1, wrong: 0, loudest: 0 }]]);
  });

  it('are not asked for again before their time', async () => {
    const { asked } = at.server;
    await at.filing.flush();
    expect(at.server.asked).toBe(asked);
  });

  it('are there once it is back, each once', async () => {
    at.server.isAway = false;
    await at.learn('b');
    await at.learn('b');
    await at.soon();
    await at.filing.flush();
    expect(await at.dueNow()).toEqual([]);
    const kept = await at.db.many(
      sql`select id, (select count(*) from case_end where case_id = case_study.id) as ends from case_study order by id`,
    );
    expect(kept).toEqual([
      { id: 'incident-incident-of-a', ends: 1 },
      { id: 'incident-incident-of-b', ends: 1 },
    ]);
  });

  it('are filed together, but for the one that the store refuses', async () => {
    at.server.refused = 'incident-incident-of-e';
    await at.learnAll(['d', 'e', 'f']);
    for (let round = 0; round < 3; round += 1) await at.filing.flush();
    expect(await at.dueNow()).toEqual([{ feedback_id: 'e', tries: 1 }]);
    const kept = () =>
      at.db.many(sql`select id from case_study where id = any(${['d', 'e', 'f'].map(caseOfEnd)}) order by id`);
    expect(await kept()).toEqual([{ id: caseOfEnd('d') }, { id: caseOfEnd('f') }]);
    at.server.refused = undefined;
    await at.soon();
    await at.filing.flush();
    expect([await at.dueNow(), await kept()]).toEqual([[], ['d', 'e', 'f'].map((id) => ({ id: caseOfEnd(id) }))]);
  });

  it('are kept when nothing was tried, and the filing goes on', async () => {
    await at.learn('c', { action: null, outcome: 'not_repaired' });
    expect(await at.dueNow()).toEqual([]);
    expect(await at.db.one(sql`select id, outcome from case_study where id = 'incident-incident-of-c'`)).toEqual({
      id: 'incident-incident-of-c',
      outcome: 'not_repaired',
    });
  });
});
