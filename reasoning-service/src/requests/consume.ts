import { channels, type ReasoningAnswer } from '@aetherius/shared/contracts';
import { consume, type Nats } from '@aetherius/shared/nats';
import { type Db, enqueue, firstTime, withTransaction } from '@aetherius/shared/postgres';
import type { Explainer } from '../llm/explain.ts';
import { type Answering, answerTo } from './answer.ts';

type Needs = Answering & { explain: Explainer; nats: Nats; db: Db; onAnswered: (answer: ReasoningAnswer) => void };

/** A language model may take seconds for one question; the others do not stand in line behind it. */
const AT_ONCE = 4;

/** Answers questions; one that comes twice is answered once. */
export const startAnswering = ({ nats, db, explain, onAnswered, ...answering }: Needs) =>
  consume({
    nats,
    log: answering.log,
    service: 'reasoning-service',
    purpose: 'questions',
    stream: 'REASONING',
    channel: channels.question,
    concurrency: AT_ONCE,
    handle: async ({ body, id }) => {
      const { clock, learning, log } = answering;
      const started = clock.monotonic();
      const { diagnosis: found, structure } = await answerTo(body, answering);
      const diagnosis = await explain({ ...body, diagnosis: found });
      const answer: ReasoningAnswer = {
        id: body.id,
        incident_id: body.incident_id,
        diagnosis,
        duration_ms: clock.monotonic() - started,
      };
      await withTransaction(db, async (tx) => {
        if (!(await firstTime(tx, 'questions', id))) return;
        const at = clock.now().toISOString();
        await learning.answered(tx, body.incident_id, { diagnosis, structure, at });
        await enqueue(tx, { subject: channels.answer.pattern, body: answer });
      });
      onAnswered(answer);
      log.info({ incident_id: body.incident_id, category: diagnosis.category, status: diagnosis.status }, 'diagnosed');
    },
  });
