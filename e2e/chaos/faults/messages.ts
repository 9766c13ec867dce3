import { agentSubject } from '@aetherius/shared/contracts';
import type { Nats } from '@aetherius/shared/nats';
import { sleep } from '@aetherius/shared/service';
import type { Fault } from '../fault.ts';
import { signal } from '../signals.ts';
import type { Stage } from '../stage.ts';
import { deadLetters, flood, loadEvent, onBus, replay } from '../test-bus.ts';
import { until } from '../until.ts';

/** Wrong in each way in which a message can be wrong; each has to lie in the dead letters, with nothing else. */
const poisons = (cluster: string): { subject: string; text: string }[] => {
  const subject = agentSubject(cluster, 'event');
  const event = loadEvent(cluster, 0);
  return [
    { subject, text: 'not json' },
    { subject, text: '{"id": 1}' },
    { subject, text: JSON.stringify({ ...event, fingerprint: 'another/load/ConfigMap/load' }) },
    { subject, text: JSON.stringify({ ...event, cluster_id: 'another', fingerprint: 'another/load/ConfigMap/load' }) },
    { subject, text: JSON.stringify({ ...event, message: 'a\u0000b' }) },
    { subject: agentSubject(cluster, 'result'), text: '[]' },
    { subject: 'internal.event.alert', text: '{}' },
    { subject: 'internal.run.progress', text: 'null' },
    { subject: 'ai.reasoning.request', text: '{"request_id": 7}' },
  ];
};

const buried = new WeakMap<Stage, number>();

const poison: Fault = {
  name: 'poison-messages',
  alone: true,
  inject: (stage) =>
    onBus(stage, async (nats) => {
      buried.set(stage, await deadLetters(nats));
      for (const { subject, text } of poisons(stage.cluster.id)) await nats.js.publish(subject, text);
    }),
  problems: (stage) => onBus(stage, (nats) => letters(nats, stage)),
};

async function letters(nats: Nats, stage: Stage): Promise<string[]> {
  const wanted = poisons(stage.cluster.id).length;
  const told = async () => (await deadLetters(nats)) - (buried.get(stage) ?? 0);
  // One that only a handler finds wrong is tried again first.
  await until(async () => ((await told()) >= wanted ? [] : ['not yet']), { seconds: 60 }).catch(() => undefined);
  const found = await told();
  return found >= wanted ? [] : [`${found} of ${wanted} poison messages lie in the dead letters`];
}

const FLOOD = { events: 50_000, seconds: 60 };

/** What can befall messages on their way. */
export const messageFaults: readonly Fault[] = [
  poison,
  {
    name: 'replays-out-of-order',
    alone: true,
    inject: async (stage) => {
      await sleep(3_000);
      for (let round = 0; round < 2; round += 1) await onBus(stage, (nats) => replay(nats, stage.cluster.id));
    },
  },
  {
    name: 'flood-50000-in-60s',
    alone: true,
    within: 300,
    inject: (stage) =>
      onBus(stage, (nats) =>
        flood(nats, {
          cluster: stage.cluster.id,
          numbers: stage.load.take(FLOOD.events),
          perSecond: FLOOD.events / FLOOD.seconds,
        }),
      ),
  },
  {
    name: 'slow-consumer',
    alone: true,
    // Longer than the bus waits for an acknowledgement in full, so that it delivers again.
    lasts: { seconds: 15, full: 60 },
    within: 240,
    inject: async (stage) => {
      signal(stage, 'agent-manager', 'SIGSTOP');
      await onBus(stage, (nats) =>
        flood(nats, { cluster: stage.cluster.id, numbers: stage.load.take(3_000), perSecond: 3_000 }),
      );
    },
    heal: async (stage) => signal(stage, 'agent-manager', 'SIGCONT'),
  },
];
