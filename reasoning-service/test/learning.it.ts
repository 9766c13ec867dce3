import { channels, type Diagnosis, type Feedback } from '@aetherius/shared/contracts';
import { sql } from '@aetherius/shared/postgres';
import { newId } from '@aetherius/shared/service';
import { eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { answerTo } from '../src/requests/answer.ts';
import { bundle, learningRig } from './learning-rig.ts';

type Rig = Awaited<ReturnType<typeof learningRig>>;

needs('postgres', 'nats')('learning', () => {
  let at: Rig;
  beforeAll(async () => {
    at = await learningRig();
  }, 60_000);
  afterAll(async () => at.stop(), 30_000);

  const diagnosed = async (): Promise<Diagnosis> => (await answerTo({ bundle, reasons: [] }, at.answering)).diagnosis;
  const question = (incident: string) =>
    at.nats.publish(
      channels.question.pattern,
      { id: `${incident}:analyse`, incident_id: incident, question: 'root_cause', reasons: [], bundle },
      { id: newId() },
    );
  /** Asks about incidents, and waits until each was answered. */
  const answered = async (...incidents: string[]) => {
    for (const incident of incidents) await question(incident);
    const known = () => at.db.many(sql`select 1 from answered where incident_id = any(${incidents})`);
    await eventually(async () => expect(await known()).toHaveLength(incidents.length), { within: 10_000 });
  };
  const ended = (
    incident: string,
    diagnosis: Diagnosis,
    outcome: Feedback['outcome'],
    action: string | null = 'set_resources',
  ) =>
    at.nats.publish(
      channels.feedback.pattern,
      {
        id: `run:${incident}`,
        incident_id: incident,
        source: 'run',
        category: diagnosis.category,
        action,
        outcome,
        comment: null,
        diagnosis,
        at: at.clock.now().toISOString(),
      },
      { id: newId() },
    );

  it('reports nothing that was not measured', async () => {
    const { body } = await at.ask('GET', '/metrics/accuracy');
    expect(body).toMatchObject({
      overall: { judged: 0, accuracy: null, reason: 'nothing was answered yet' },
      by_root_cause: {},
      reliability: [],
    });
    expect((await at.ask('GET', '/metrics/suggestions')).body).toEqual({
      suggestions: [],
      judged: 0,
      reason: 'nothing was judged yet',
    });
  });

  it('answers with remedies, similar cases and a runbook', async () => {
    const { body } = await at.ask('POST', '/analyze/root-cause', { context: { bundle } });
    expect(body.result).toMatchObject({
      category: 'oom_killed',
      recommendations: [
        { name: 'increase_memory_limit', parameters: { container: 'app', limits: { memory: '256Mi' } } },
      ],
      runbooks: [{ id: 'out-of-memory', why: 'written for oom_killed' }],
    });
    expect(body.result.similar_cases[0]?.matched).toEqual(expect.arrayContaining(['ended/OOMKilled']));
  });

  it('answers all questions of a batch but the one that cannot be answered, each once', async () => {
    const good = ['q-1', 'q-2', 'q-3', 'q-4'];
    const said = () =>
      at.db.many<{ id: string }>(sql`
      select body ->> 'incident_id' as id from outbox where body ->> 'incident_id' = any(${[...good, 'hopeless-1']}) order by 1`);
    await Promise.all(['q-1', 'q-2', 'hopeless-1', 'q-3', 'q-4'].map(question));
    await eventually(async () => expect((await said()).map(({ id }) => id)).toEqual(good), { within: 10_000 });
    await at.nats.publish(
      channels.question.pattern,
      { id: 'q-1:analyse', incident_id: 'q-1', question: 'root_cause', reasons: [], bundle },
      { id: 'of-its-own' },
    );
    await eventually(async () => expect(await said()).toHaveLength(good.length + 1), { within: 10_000 });
    expect(await at.db.many(sql`select 1 from answered where incident_id = any(${good})`)).toHaveLength(good.length);
    expect(await at.db.many(sql`select 1 from answered where incident_id = 'hopeless-1'`)).toEqual([]);
    await at.db.run(sql`delete from answered where incident_id = any(${good})`);
  });

  it('makes a case of the end of a run, with the symptoms that the incident had', async () => {
    const diagnosis = await diagnosed();
    await answered('i-1');
    await ended('i-1', diagnosis, 'verified');
    await ended('i-1', diagnosis, 'verified');
    await eventually(
      async () => expect(await at.db.many(sql`select 1 from case_end where case_id = 'incident-i-1'`)).toHaveLength(1),
      { within: 10_000 },
    );
    const next = await diagnosed();
    expect(next.similar_cases[0]).toMatchObject({
      case_id: 'incident-i-1',
      outcome: 'verified',
      remedy: 'set_resources',
      similarity: 1,
    });
    const { body } = await at.ask('GET', '/metrics/accuracy?root_cause_type=oom_killed');
    expect(body.overall).toEqual({ answered: 2, judged: 1, correct: 1, accuracy: 1, reason: null });
  });

  it('lowers a remedy that failed, and raises it again as the failure ages', async () => {
    const before = (await diagnosed()).recommendations[0]?.score ?? 0;
    await answered('f-1', 'f-2', 'f-3', 'f-4');
    for (const n of [1, 2, 3, 4]) await ended(`f-${n}`, await diagnosed(), 'rolled_back');
    await eventually(
      async () => expect(await at.db.many(sql`select 1 from feedback where outcome = 'rolled_back'`)).toHaveLength(4),
      { within: 10_000 },
    );
    const failed = (await diagnosed()).recommendations[0]?.score ?? 0;
    expect(failed).toBeLessThan(before - 0.2);
    at.clock.advance(3 * 365 * 86_400_000);
    expect((await diagnosed()).recommendations[0]?.score).toBeGreaterThan(failed + 0.2);
    at.clock.advance(-3 * 365 * 86_400_000);
  });

  it("takes a person's word over the run's, and grows unsure of what is called wrong", async () => {
    const diagnosis = await diagnosed();
    const verdict = { category: 'oom_killed', action: null, comment: null, diagnosis };
    await answered('w-1', 'w-2', 'w-3', 'w-4', 'w-5');
    for (const n of [1, 2, 3, 4, 5]) {
      const { status } = await at.ask('POST', '/feedback', {
        ...verdict,
        incident_id: `w-${n}`,
        outcome: 'wrong',
        actual_category: 'disk_full',
      });
      expect(status).toBe(201);
    }
    await at.ask('POST', '/feedback', { ...verdict, incident_id: 'i-1', outcome: 'wrong' });
    expect((await diagnosed()).confidence).toBeLessThan(diagnosis.confidence);
    const { body } = await at.ask('GET', '/metrics/accuracy');
    expect(body.by_root_cause['oom_killed']).toMatchObject({ judged: 6, correct: 0, accuracy: 0 });
    const { suggestions } = (await at.ask('GET', '/metrics/suggestions')).body;
    expect(suggestions.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['low_accuracy', 'confusion', 'overconfident']),
    );
    const similar = (await at.ask('GET', '/cases/similar?category=disk_full&symptoms=ended/OOMKilled')).body.cases;
    expect(similar.map(({ case_id }) => case_id)).toContain('incident-w-1');
  });

  it('takes marks in the words of the public systems', async () => {
    await answered('m-1');
    const judgedBefore = (await at.ask('GET', '/metrics/accuracy')).body.overall.judged;
    const mark = { feedback_id: 'mark-1', request_id: 'm-1', feedback_type: 'diagnosis_accuracy', submitted_by: 'ada' };
    const bad = {
      ...mark,
      rating: 1,
      was_helpful: false,
      actual_root_cause: 'DiskPressure',
      comments: 'it was the disk',
    };
    for (const _ of [1, 2]) {
      const { status, body } = await at.ask('POST', '/feedback', bad);
      expect([status, body]).toEqual([201, { status: 'accepted', feedback_id: 'mark-1', message: 'kept as wrong' }]);
    }
    const forecast = { request_id: 'm-1', feedback_type: 'prediction_accuracy', rating: 'positive' };
    expect((await at.ask('POST', '/feedback', forecast)).status).toBe(404);
    const history = Array.from({ length: 48 }, (_, hour) => ({
      at: new Date(at.clock.now().getTime() - (48 - hour) * 3_600_000).toISOString(),
      disk: { usage_percent: 30 + hour },
    }));
    const asked = { cluster_id: 'eu-1', resource_type: 'node', resource_name: 'node-1', metrics: { history } };
    const predicted = await at.ask('POST', '/analyze/predict', asked);
    expect(predicted).toMatchObject({ status: 200, body: { status: 'answered' } });
    expect(
      (await at.ask('POST', '/feedback', { ...forecast, request_id: predicted.body.request_id })).body,
    ).toMatchObject({
      message: 'kept; it says nothing of how a diagnosis or a remedy turned out',
    });
    const { body } = await at.ask('GET', '/metrics/accuracy');
    expect(body.overall.judged).toBe(judgedBefore + 1);
    expect(body.prediction).toEqual({ value: 1, reason: null });
    expect(body.ratings).toEqual([
      { feedback_type: 'diagnosis_accuracy', count: 1, mean: 1, good: 0, bad: 1 },
      { feedback_type: 'prediction_accuracy', count: 1, mean: 5, good: 1, bad: 0 },
    ]);
    const [kept] = await at.db.many(sql`select category, outcome, actual_category from feedback where id = 'mark-1'`);
    expect(kept).toEqual({ category: 'oom_killed', outcome: 'wrong', actual_category: 'node_disk_pressure_eviction' });
  });

  it('measures which offers were taken: by a run that did it, or by a person who names it', async () => {
    const adoption = async () => (await at.ask('GET', '/metrics/accuracy')).body.recommendation_adoption;
    const before = await adoption();
    const ids = ['o-run', 'o-left', 'o-named', 'o-verdict', 'o-other'];
    await answered(...ids);
    expect(await adoption()).toEqual(before);

    const diagnosis = await diagnosed();
    await ended('o-run', diagnosis, 'verified');
    await ended('o-left', diagnosis, 'cancelled', null);
    const solved = { feedback_type: 'recommendation_usefulness', rating: 4 };
    await at.ask('POST', '/feedback', { ...solved, request_id: 'o-named', actual_solution: 'I did: Set Resources' });
    const other = { request_id: 'o-other', feedback_type: 'diagnosis_accuracy', rating: 5 };
    await at.ask('POST', '/feedback', { ...other, actual_solution: 'bought more nodes' });
    await at.ask('POST', '/feedback', { incident_id: 'o-verdict', outcome: 'confirmed' });
    const runs = () => at.db.many(sql`select 1 from feedback where source = 'run' and incident_id = any(${ids})`);
    await eventually(async () => expect(await runs()).toHaveLength(2), { within: 10_000 });
    const after = await adoption();
    expect([after.offers - before.offers, after.taken - before.taken]).toEqual([4, 2]);
    expect(after).toMatchObject({ value: expect.any(Number), reason: null });
  });

  it('counts no verdict on what was never answered, from a person or from the bus', async () => {
    const state = async () => [
      (await at.ask('GET', '/metrics/accuracy')).body,
      (await at.ask('GET', '/metrics/suggestions')).body,
      (await diagnosed()).recommendations,
      await at.db.many(sql`select id from feedback order by id`),
      await at.db.many(sql`select id from rating order by id`),
    ];
    const before = await state();
    const diagnosis = await diagnosed();
    for (const [field, body] of [
      ['incident_id', { incident_id: 'made-up', category: 'oom_killed', outcome: 'wrong', diagnosis }],
      ['request_id', { request_id: 'made-up', rating: 1, category: 'oom_killed' }],
      ['request_id', { request_id: 'made-up', rating: 5, feedback_type: 'recommendation_usefulness' }],
      ['request_id', { request_id: 'made-up', rating: 5, feedback_type: 'prediction_accuracy' }],
    ] as const) {
      const answer = await at.ask('POST', '/feedback', body);
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([404, expect.stringContaining(`body.${field}`)]);
    }
    await ended('made-up', diagnosis, 'rolled_back');
    await answered('b-1');
    await ended('b-1', diagnosis, 'cancelled', null);
    const last = () => at.db.many(sql`select 1 from feedback where incident_id = 'b-1'`);
    await eventually(async () => expect(await last()).toHaveLength(1), { within: 10_000 });
    expect(await at.db.many(sql`select 1 from feedback where incident_id = 'made-up'`)).toEqual([]);
    await at.db.run(sql`delete from feedback where incident_id = 'b-1'`);
    await at.db.run(sql`delete from answered where incident_id = 'b-1'`);
    expect(await state()).toEqual(before);
  });

  it('judges the answer that was given, with the confidence that it had', async () => {
    await answered('j-1');
    const { confidence } = await at.db.one<{ confidence: number }>(
      sql`select confidence from answered where incident_id = 'j-1'`,
    );
    const verdict = { incident_id: 'j-1', outcome: 'confirmed' };
    const other = await at.ask('POST', '/feedback', { ...verdict, category: 'disk_full' });
    expect([other.status, JSON.stringify(other.body)]).toEqual([409, expect.stringContaining('oom_killed')]);
    const diagnosis = { ...(await diagnosed()), confidence: 0.01 };
    expect((await at.ask('POST', '/feedback', { ...verdict, diagnosis })).status).toBe(201);
    expect(await at.db.many(sql`select category, confidence from feedback where incident_id = 'j-1'`)).toEqual([
      { category: 'oom_killed', confidence },
    ]);
  });

  it('takes a verdict on an answer over REST, and learns from one word of a person on a remedy', async () => {
    await at.ask('POST', '/analyze/root-cause', { request_id: 'rest-1', context: { bundle } });
    const ends = async () => {
      const [found] = (await at.ask('GET', '/metrics/accuracy')).body.recommendations.filter(
        ({ remedy }) => remedy === 'evict_pod',
      );
      return found === undefined ? undefined : [found.tried, found.worked];
    };
    expect(await ends()).toBeUndefined();
    const word = { incident_id: 'rest-1', action: 'evict_pod' };
    for (const outcome of ['failed', 'verified', 'failed', 'verified'])
      expect((await at.ask('POST', '/feedback', { ...word, outcome })).status).toBe(201);
    expect(await ends()).toEqual([1, 1]);
  });

  it('takes what is thought of an offer for no trial of it', async () => {
    await at.ask('POST', '/analyze/root-cause', { request_id: 'thought-1', context: { bundle } });
    const state = async () => {
      const { recommendations, recommendation_adoption } = (await at.ask('GET', '/metrics/accuracy')).body;
      return [recommendations, recommendation_adoption];
    };
    const before = await state();
    const thought = { request_id: 'thought-1', feedback_type: 'recommendation_usefulness', action: 'set_resources' };
    for (const rating of [1, 5]) expect((await at.ask('POST', '/feedback', { ...thought, rating })).status).toBe(201);
    expect(await state()).toEqual(before);
    const made = await at.ask('POST', '/feedback', { ...thought, rating: 5, action: 'delete_everything' });
    expect([made.status, JSON.stringify(made.body)]).toEqual([400, expect.stringContaining('body.action')]);
    expect((await at.ask('POST', '/feedback', { ...thought, rating: 5, was_helpful: true })).status).toBe(201);
    expect(await state()).not.toEqual(before);
  });

  it.each([
    [{ request_id: 'm-1' }, 'rating'],
    [{ rating: 4 }, 'request_id'],
    [{ request_id: 'm-1', rating: 6 }, 'rating'],
    [{ outcome: 'wrong' }, 'incident_id'],
    [{ incident_id: 'x' }, 'outcome'],
    [{ incident_id: 'i-1', outcome: 'confirmed', categorie: 'oom_killed' }, 'body.categorie'],
  ])('refuses %j and names %s', async (body, field) => {
    const answer = await at.ask('POST', '/feedback', body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(field);
  });

  it('never lets cases change what the evidence says', async () => {
    const symptoms = ['condition/Pod/Ready=False', 'ended/OOMKilled', 'exit/137', 'waiting/CrashLoopBackOff'];
    const items = Array.from({ length: 60 }, (_, n) => ({
      id: `lie-${n}`,
      incident_id: null,
      source: 'person',
      title: 'x',
      category: 'dns_failure',
      subject_kind: 'Deployment',
      summary: 'x',
      symptoms,
      object_kinds: ['Pod'],
      edges: ['Pod owner Deployment'],
      action: 'delete_pod',
      outcome: 'verified',
      at: '2026-02-01T00:00:00.000Z',
    }));
    const before = await diagnosed();
    expect((await at.ask('POST', '/cases/import', { items })).body).toEqual({ read: 60, shipped: 0 });
    const after = await diagnosed();
    const plain = ({ similar_cases, ...rest }: Diagnosis) => rest;
    expect(plain(after)).toEqual(plain(before));
    expect(after.category).toBe('oom_killed');
  });

  it('exports what it imports', async () => {
    const { body } = await at.ask('GET', '/cases?limit=500');
    const shipped = body.items.filter(({ id }) => id.startsWith('library-')).length;
    expect(shipped).toBeGreaterThan(0);
    expect((await at.ask('POST', '/cases/import', body)).body).toEqual({ read: body.items.length, shipped });
    expect((await at.ask('GET', '/cases?limit=500')).body).toEqual(body);
    expect((await at.ask('POST', '/cases/import', { items: [{ id: 'x' }] })).status).toBe(400);
  });

  it('finds runbooks by words and reads them by id', async () => {
    const { body } = await at.ask('GET', '/runbooks?q=expired%20certificate');
    expect(body.items[0]?.id).toBe('certificates');
    expect((await at.ask('GET', '/runbooks/certificates')).body.text).toContain('renew');
    expect((await at.ask('GET', '/runbooks/nothing')).status).toBe(404);
  });
});
