import { CommandReply, channels } from '@aetherius/shared/contracts';
import { isRetryable } from '@aetherius/shared/errors';
import { consumeBatch, type Nats } from '@aetherius/shared/nats';
import { firstTimes, type OutboxRow, type RequestOutcome, type Tx, withTransaction } from '@aetherius/shared/postgres';
import { advanceAnswered } from './advance-answered.ts';
import { type Advanced, type Advancing, announce } from './advance-runs.ts';
import { type Completed, complete, completeAll, type Reply } from './answer-store.ts';
import type { Answer } from './journal.ts';
import type { CommandAnswer } from './run-metrics.ts';

type Counting = { answered?: (status: CommandAnswer) => void };
type Needs = Counting & { engine: Advancing; nats: Nats; wake: () => void };

type Arrived = Reply & { id: string; deliveries: number };
type Taken = { kept: readonly Advanced[]; states: ReadonlyMap<string, Completed> };

/**
 * Many answers in one transaction: a commit costs the same for all as for one. They advance their runs there and then,
 * unless that failed or killed whoever did it: then runs are only woken, and advance under a lease, where deaths are counted.
 */
async function take({ engine, wake }: Needs, replies: readonly Arrived[]): Promise<void> {
  if (replies.length === 0) return;
  const isFirst = replies.every(({ deliveries }) => deliveries === 1);
  const { kept, states } = isFirst ? await advancing(engine, replies) : await waking(engine, replies);
  await announce(engine, kept);
  if ([...states.values()].includes('taken')) wake();
  for (const [correlation_id, completed] of states)
    if (completed !== 'taken') engine.log.info({ correlation_id, completed }, 'an answer changed nothing');
}

const waking = ({ db }: Advancing, replies: readonly Arrived[]): Promise<Taken> =>
  withTransaction(db, async (tx) => ({ kept: [], states: await completeAll(tx, await fresh(tx, replies)) }));

const advancing = (engine: Advancing, replies: readonly Arrived[]): Promise<Taken> =>
  withTransaction(engine.db, async (tx) => {
    const { kept, left } = await advanceAnswered(engine, tx, await fresh(tx, replies));
    return { kept, states: await completeAll(tx, left) };
  }).catch((err: unknown) => {
    if (isRetryable(err)) throw err;
    engine.log.error({ err, answers: replies.length }, 'runs could not be advanced with their answers');
    return waking(engine, replies);
  });

async function fresh(tx: Tx, replies: readonly Arrived[]): Promise<Arrived[]> {
  const ids = replies.map(({ id }) => id);
  const first = await firstTimes(tx, 'answers', ids);
  return replies.filter(({ id }) => first.has(id));
}

const ANSWERS_AT_ONCE = 100;

/** Hands results of agents and answers of reasoning to the steps that wait for them. */
export async function startAnswers(needs: Needs): Promise<{ stop(): Promise<void> }[]> {
  const { nats, engine } = needs;
  const shared = { nats, service: 'orchestrator-service', size: ANSWERS_AT_ONCE, log: engine.log };
  return Promise.all([
    consumeBatch({
      ...{ ...shared, purpose: 'results', stream: 'AGENT_RESULTS', channel: channels.result },
      handle: async (messages) => {
        // The other issuer has a consumer of its own.
        const ours = messages.filter(({ body }) => body.issuer === 'orchestrator');
        for (const { body } of ours) needs.answered?.(body.status);
        await take(
          needs,
          ours.map(({ id, deliveries, body: result }) => ({
            ...{ id, deliveries, correlation_id: result.command_id, answer: { kind: 'result', result } },
          })),
        );
      },
    }),
    consumeBatch({
      ...{ ...shared, purpose: 'answers', stream: 'REASONING', channel: channels.answer },
      handle: (messages) =>
        take(
          needs,
          messages.map(({ id, deliveries, body: { id: correlation_id, diagnosis } }) => ({
            ...{ id, deliveries, correlation_id, answer: { kind: 'diagnosis', diagnosis } },
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
