import { createMetrics } from '@aetherius/shared/metrics';
import { expect, it } from '@jest/globals';
import { countedCommands } from './command-metrics.ts';

type Counted = ReturnType<typeof countedCommands>;
type Reply = Parameters<Counted['onReply']>;
type Result = Parameters<Counted['onResult']>[0];

it("counts how people's commands ended, and nothing of the orchestrator's", async () => {
  const metrics = createMetrics('agent-manager');
  const done: string[] = [];
  const counted = countedCommands(
    { onReply: async () => void done.push('reply'), onResult: async () => void done.push('result') },
    metrics,
  );
  const reply = (outcome: Reply[2]) => counted.onReply({} as Reply[0], {} as Reply[1], outcome);
  const said = (status: string) => ({ status: 'replied' as const, reply: { command_id: 'c', status, reason: null } });
  const result = (issuer: string, status: string) => counted.onResult({ body: { issuer, status } } as Result);
  await reply({ status: 'offline' });
  await reply(said('refused'));
  await reply(said('accepted'));
  await reply({ status: 'replied', reply: 'nonsense' });
  await result('manager', 'done');
  await result('orchestrator', 'failed');
  expect(done.length).toBe(6);
  const { values } = (await metrics.getSingleMetric('aetherius_manager_command_answers_total')?.get()) ?? {
    values: [],
  };
  expect(Object.fromEntries(values.map(({ labels, value }) => [labels['status'], value]))).toEqual({
    done: 1,
    failed: 0,
    refused: 2,
    unknown: 0,
    offline: 1,
  });
});
