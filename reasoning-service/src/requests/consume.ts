import { channels, type ReasoningAnswer } from '@aetherius/shared/contracts';
import { consume, type Nats } from '@aetherius/shared/nats';
import { type Db, enqueue, firstTime, withTransaction } from '@aetherius/shared/postgres';
import { type Answering, answerTo } from './answer.ts';

type Needs = Answering & { nats: Nats; db: Db; onAnswered: () => void };

/** Answers questions one by one; a question that comes twice is answered once. */
export const startAnswering = ({ nats, db, onAnswered, ...answering }: Needs) =>
  consume({
    nats,
    log: answering.log,
    service: 'reasoning-service',
    purpose: 'questions',
    stream: 'REASONING',
    channel: channels.question,
    handle: async ({ body, id }) => {
      const { clock, learning, log } = answering;
      const started = clock.monotonic();
      const { diagnosis, structure } = await answerTo(body, answering);
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
      onAnswered();
      log.info({ incident_id: body.incident_id, category: diagnosis.category, status: diagnosis.status }, 'diagnosed');
    },
  });
