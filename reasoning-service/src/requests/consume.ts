import { channels, type ReasoningAnswer, type ReasoningRequest } from '@aetherius/shared/contracts';
import { consume, consumeBatch, type Message, type Nats } from '@aetherius/shared/nats';
import { type Db, enqueueAll, firstTimes, withTransaction } from '@aetherius/shared/postgres';
import type { Explainer } from '../llm/explain.ts';
import { measuredAmong } from '../metrics/window-store.ts';
import { type Answering, answerTo } from './answer.ts';

type Needs = Answering & {
  explain: Explainer;
  /** Whether explaining asks a language model, and so takes long. */
  isExplainedSlowly: boolean;
  nats: Nats;
  db: Db;
  onAnswered: (answers: readonly ReasoningAnswer[]) => void;
};
type Question = Message<ReasoningRequest>;

/** So many share a transaction. Diagnoses are made on the thread that everything else waits for, too. */
const TOGETHER = 16;
/** A language model may take seconds for one question; the others do not stand in line behind it. */
const SLOWLY_AT_ONCE = 4;

/** Answers questions; one that comes twice is answered once. */
export function startAnswering({ isExplainedSlowly, nats, ...needs }: Needs): Promise<{ stop(): Promise<void> }> {
  const { log } = needs;
  const from = { nats, log, service: 'reasoning-service', purpose: 'questions', stream: 'REASONING' };
  const source = { ...from, channel: channels.question };
  return isExplainedSlowly
    ? consume({ ...source, concurrency: SLOWLY_AT_ONCE, handle: (question) => answerAll([question], needs) })
    : consumeBatch({ ...source, size: TOGETHER, handle: (questions) => answerAll(questions, needs) });
}

async function answerAll(
  questions: readonly Question[],
  { db, explain, onAnswered, ...answering }: Omit<Needs, 'nats' | 'isExplainedSlowly'>,
): Promise<void> {
  const { clock, learning, log } = answering;
  const started = clock.monotonic();
  const measured = await measuredAmong(
    db,
    questions.map(({ body }) => body.bundle.cluster),
  );
  const metricCauses: Answering['metricCauses'] = async (bundle) =>
    measured.has(bundle.cluster) ? answering.metricCauses(bundle) : null;
  const answered = await Promise.all(
    questions.map(async ({ id, traceparent = null, body }) => {
      const { diagnosis: found, structure } = await answerTo(body, { ...answering, metricCauses });
      const diagnosis = await explain({ ...body, diagnosis: found });
      const duration_ms = clock.monotonic() - started;
      const answer: ReasoningAnswer = { id: body.id, incident_id: body.incident_id, diagnosis, duration_ms };
      return { id, traceparent, structure, answer };
    }),
  );
  await withTransaction(db, async (tx) => {
    const ids = answered.map(({ id }) => id);
    const first = await firstTimes(tx, 'questions', ids);
    // Deleted when met, so that one that came twice at once is answered once.
    const fresh = answered.filter(({ id }) => first.delete(id));
    if (fresh.length === 0) return;
    const at = clock.now().toISOString();
    await learning.answered(
      tx,
      fresh.map(({ answer: { incident_id, diagnosis }, structure }) => ({
        incident_id,
        diagnosis,
        structure,
        at,
        content: null,
      })),
    );
    await enqueueAll(
      tx,
      fresh.map(({ answer, traceparent }) => ({ subject: channels.answer.pattern, body: answer, traceparent })),
    );
  });
  onAnswered(answered.map(({ answer }) => answer));
  for (const { answer } of answered) {
    const { category, status } = answer.diagnosis;
    log.info({ incident_id: answer.incident_id, category, status }, 'diagnosed');
  }
}
