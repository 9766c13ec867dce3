import { channels, type ReasoningAnswer } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { consume, type Nats } from '@aetherius/shared/nats';
import { type Db, enqueue, firstTime, withTransaction } from '@aetherius/shared/postgres';
import type { Clock } from '@aetherius/shared/service';
import type { CaseStore } from '../cases/case-store.ts';
import { answerTo } from './answer.ts';

type Needs = { nats: Nats; db: Db; cases: CaseStore; clock: Clock; log: Logger; onAnswered: () => void };

/** Answers questions one by one; a question that comes twice is answered once. */
export const startAnswering = ({ nats, db, cases, clock, log, onAnswered }: Needs) =>
  consume({
    nats,
    log,
    service: 'reasoning-service',
    purpose: 'questions',
    stream: 'REASONING',
    channel: channels.question,
    handle: async ({ body, id }) => {
      const started = clock.monotonic();
      const diagnosis = await answerTo(body, cases);
      const answer: ReasoningAnswer = {
        id: body.id,
        incident_id: body.incident_id,
        diagnosis,
        duration_ms: clock.monotonic() - started,
      };
      await withTransaction(db, async (tx) => {
        if (!(await firstTime(tx, 'questions', id))) return;
        await enqueue(tx, { subject: channels.answer.pattern, body: answer });
      });
      onAnswered();
      log.info({ incident_id: body.incident_id, category: diagnosis.category, status: diagnosis.status }, 'diagnosed');
    },
  });
