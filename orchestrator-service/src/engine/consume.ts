import { CommandReply, channels } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { consume, type Nats } from '@aetherius/shared/nats';
import {
  type Db,
  firstTime,
  type OutboxRow,
  type RequestOutcome,
  type Tx,
  withTransaction,
} from '@aetherius/shared/postgres';
import { complete } from './answer-store.ts';
import type { Answer } from './journal.ts';
import type { CommandAnswer } from './run-metrics.ts';

type Counting = { answered?: (status: CommandAnswer) => void };
type Needs = Counting & { db: Db; nats: Nats; wake: () => void; log: Logger };

async function take({ db, wake, log }: Needs, message: { id: string; correlation_id: string; answer: Answer }) {
  const { correlation_id, answer } = message;
  const completed = await withTransaction(db, async (tx) =>
    (await firstTime(tx, 'answers', message.id)) ? complete(tx, { correlation_id, answer }) : 'repeated',
  );
  if (completed === 'taken') wake();
  else log.info({ correlation_id, completed }, 'an answer changed nothing');
}

/** Hands results of agents and answers of reasoning to the steps that wait for them. */
export async function startAnswers(needs: Needs): Promise<{ stop(): Promise<void> }[]> {
  const { nats, log } = needs;
  const service = 'orchestrator-service';
  return Promise.all([
    consume({
      nats,
      service,
      purpose: 'results',
      stream: 'AGENT_RESULTS',
      channel: channels.result,
      concurrency: 8,
      log,
      handle: async ({ body, id }) => {
        // The other issuer has a consumer of its own.
        if (body.issuer !== 'orchestrator') return;
        needs.answered?.(body.status);
        await take(needs, { id, correlation_id: body.command_id, answer: { kind: 'result', result: body } });
      },
    }),
    consume({
      nats,
      service,
      purpose: 'answers',
      stream: 'REASONING',
      channel: channels.answer,
      concurrency: 8,
      log,
      handle: async ({ body, id }) => {
        await take(needs, { id, correlation_id: body.id, answer: { kind: 'diagnosis', diagnosis: body.diagnosis } });
      },
    }),
  ]);
}

/** What an agent, or the silence of one, said to a command on its way; acceptance changes nothing: the result counts. */
export const takeReply =
  ({ wake, answered }: Counting & { wake: () => void }) =>
  async (tx: Tx, row: OutboxRow, outcome: RequestOutcome): Promise<void> => {
    const answer = answerOf(outcome);
    if (answer === undefined) return;
    answered?.(answer.kind);
    const { id } = row.body as { id: string };
    await complete(tx, { correlation_id: id, answer });
    wake();
  };

type NoWay = Extract<Answer, { kind: 'offline' | 'refused' }>;

function answerOf(outcome: RequestOutcome): NoWay | undefined {
  if (outcome.status === 'offline') return { kind: 'offline' };
  const reply = CommandReply.safeParse(outcome.reply);
  if (!reply.success) return { kind: 'refused', reason: 'the agent did not understand the command' };
  return reply.data.status === 'accepted' ? undefined : { kind: 'refused', reason: reply.data.reason ?? 'refused' };
}
