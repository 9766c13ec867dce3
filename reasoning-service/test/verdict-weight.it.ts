import { channels, type Diagnosis } from '@aetherius/shared/contracts';
import { sql } from '@aetherius/shared/postgres';
import { newId } from '@aetherius/shared/service';
import { eventually, needs } from '@aetherius/shared/testing';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { answerTo } from '../src/requests/answer.ts';
import { bundle, learningRig } from './learning-rig.ts';

type Rig = Awaited<ReturnType<typeof learningRig>>;
type Given = { as?: string; submitted_by?: string };

needs('postgres', 'nats')('what verdicts weigh', () => {
  let at: Rig;
  beforeEach(async () => {
    at = await learningRig();
  }, 60_000);
  afterEach(async () => at.stop(), 30_000);

  const diagnosed = async (): Promise<Diagnosis> => (await answerTo({ bundle, reasons: [] }, at.answering)).diagnosis;
  const handIn = async (request_id: string, more: object = {}, of = bundle) =>
    (await at.ask('POST', '/analyze/root-cause', { request_id, context: { bundle: of }, ...more })).body.result;
  const callWrong = async (request_id: string, { as = 'ada', ...more }: Given = {}) => {
    const mark = { request_id, feedback_type: 'diagnosis_accuracy', rating: 1, ...more };
    expect((await at.ask('POST', '/feedback', mark, as)).status).toBe(201);
  };
  const overall = async () => (await at.ask('GET', '/metrics/accuracy')).body.overall;
  const incident = async (incident_id: string) => {
    const question = { id: incident_id, incident_id, question: 'root_cause' as const, reasons: [], bundle };
    await at.nats.publish(channels.question.pattern, question, { id: newId() });
    const known = () => at.db.many(sql`select 1 from answered where incident_id = ${incident_id}`);
    await eventually(async () => expect(await known()).toHaveLength(1), { within: 10_000 });
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

  it('counts copies of one bundle as one, whatever they are called and whoever is said to have sent them', async () => {
    const before = await diagnosed();
    for (const n of numbers(30)) {
      const copy = { ...bundle, cluster: `eu-${n}`, at: new Date(Date.parse(bundle.at) + n * 1_000).toISOString() };
      await handIn(`w${n}`, {}, copy);
      await callWrong(`w${n}`, { submitted_by: `person-${n}` });
    }
    const after = await diagnosed();
    expect([after.status, after.recommendations.length]).toEqual(['answered', before.recommendations.length]);
    expect(after.confidence).toBeGreaterThan(before.confidence - 0.02);
    expect(await overall()).toMatchObject({ answered: 30, judged: 1, correct: 0 });
    expect(await at.db.many(sql`select distinct submitted_by from rating`)).toEqual([{ submitted_by: 'ada' }]);
  });

  it('lets nobody alone silence a cause, but two who agree', async () => {
    for (const n of numbers(20)) await incident(`i-${n}`);
    for (const n of numbers(20)) await callWrong(`i-${n}`);
    expect((await diagnosed()).status).toBe('answered');
    for (const n of numbers(20)) await incident(`k-${n}`);
    for (const n of numbers(20)) await callWrong(`k-${n}`, { as: 'bob' });
    const { status, recommendations, missing_evidence, reads } = await diagnosed();
    expect([status, recommendations, reads.length > 0]).toEqual(['abstained', [], true]);
    expect(missing_evidence[0]).toContain("needs a person's look");
    expect(missing_evidence.join('\n')).toContain('kubectl ');
  });

  it('gives evidence that was handed in a quarter of what an incident weighs', async () => {
    const lost = async (act: () => Promise<void>) => {
      const { confidence } = await diagnosed();
      await act();
      return confidence - (await diagnosed()).confidence;
    };
    const byRequests = await lost(async () => {
      for (const n of numbers(4)) {
        await handIn(`r-${n}`, {}, { ...bundle, cut: [`part ${n}`] });
        await callWrong(`r-${n}`);
      }
    });
    const byIncident = await lost(async () => {
      await incident('i-1');
      await callWrong('i-1', { as: 'bob' });
    });
    expect(byIncident).toBeGreaterThan(0);
    expect(Math.abs(byRequests - byIncident)).toBeLessThanOrEqual(0.011);
  });

  it('asks for more where the answer is not sure enough for who asks, and does not count it as answered', async () => {
    const { status, confidence, missing_evidence, recommendations } = await handIn('unsure', {
      options: { min_confidence: 0.999 },
    });
    expect([status, recommendations]).toEqual(['abstained', []]);
    expect(missing_evidence[0]).toBe(`the confidence is ${confidence}, and options.min_confidence asks for 0.999`);
    expect(missing_evidence.join('\n')).toContain('kubectl ');
    expect(await overall()).toMatchObject({ answered: 0, judged: 0 });
    await callWrong('unsure');
    expect(await overall()).toMatchObject({ answered: 0, judged: 0 });
    await handIn('sure');
    expect(await overall()).toMatchObject({ answered: 1 });
  });
});
