import { CommandReply, channels } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { consumeBatch, type Nats } from '@aetherius/shared/nats';
import {
  type Db,
  firstTimes,
  type OutboxRow,
  type RequestOutcome,
  type Tx,
  withTransaction,
} from '@aetherius/shared/postgres';
import { complete, completeAll } from './answer-store.ts';
import type { Answer } from './journal.ts';
import type { CommandAnswer } from './run-metrics.ts';

type Counting = { answered?: (status: CommandAnswer) => void };
type Needs = Counting & { db: Db; nats: Nats; wake: () => void; log: Logger };

type Reply = { id: string; correlation_id: string; answer: Answer };

/** Many answers in one transaction: a commit costs the same for all as for one. */
async function take({ db, wake, log }: Needs, replies: readonly Reply[]): Promise<void> {
  if (replies.length === 0) return;
  const completed = await withTransaction(db, async (tx) => {
    const fresh = await firstTimes(
      tx,
      'answers',
      replies.map(({ id }) => id),
    );
    return completeAll(
      tx,
      replies.filter(({ id }) => fresh.has(id)),
    );
  });
  if ([...completed.values()].includes('taken')) wake();
  for (const { correlation_id } of replies) {
    const state = completed.get(correlation_id) ?? 'repeated or not ours';
    if (state !== 'taken') log.info({ correlation_id, completed: state }, 'an answer changed nothing');
  }
}

const ANSWERS_AT_ONCE = 100;

/** Hands results of agents and answers of reasoning to the steps that wait for them. */
export async function startAnswers(needs: Needs): Promise<{ stop(): Promise<void> }[]> {
  const { nats, log } = needs;
  const shared = { nats, service: 'orchestrator-service', size: ANSWERS_AT_ONCE, log };
  return Promise.all([
    consumeBatch({
      ...{ ...shared, purpose: 'results', stream: 'AGENT_RESULTS', channel: channels.result },
      handle: async (messages) => {
        // The other issuer has a consumer of its own.
        const ours = messages.filter(({ body }) => body.issuer === 'orchestrator');
        for (const { body } of ours) needs.answered?.(body.status);
        await take(
          needs,
          ours.map(({ id, body: result }) => ({
            ...{ id, correlation_id: result.command_id, answer: { kind: 'result', result } },
          })),
        );
      },
    }),
    consumeBatch({
      ...{ ...shared, purpose: 'answers', stream: 'REASONING', channel: channels.answer },
      handle: (messages) =>
        take(
          needs,
          messages.map(({ id, body: { id: correlation_id, diagnosis } }) => ({
            ...{ id, correlation_id, answer: { kind: 'diagnosis', diagnosis } },
          })),
        ),
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
