import { attachSimulated, type Fleet } from '@aetherius/local';
import { eventually } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { type ReceivedSpan, startOtlpReceiver } from '../src/otlp-receiver.ts';
import { withFleet } from '../src/test-fleet.ts';

/** The names from a span up to the root of its trace, root first. */
function pathTo(span: ReceivedSpan, spans: readonly ReceivedSpan[]): string[] {
  const above = spans.find(({ trace, id }) => trace === span.trace && id === span.parent);
  return [...(above === undefined ? [] : pathTo(above, spans)), `${span.service}: ${span.name}`];
}

const toTheRun = [
  'collect-agent: event.report',
  'agent-manager: agent-manager events',
  'orchestrator-service: orchestrator-service incidents',
];

/** Every way that has to be in the trace of a proven repair. */
const ways = [
  [...toTheRun, 'orchestrator-service: run'],
  [...toTheRun, 'orchestrator-service: step act'],
  [
    ...toTheRun,
    'orchestrator-service: run.advance',
    'reasoning-service: reasoning-service questions',
    'orchestrator-service: orchestrator-service answers',
  ],
  [
    ...toTheRun,
    'orchestrator-service: run.advance',
    'collect-agent: receive command',
    'collect-agent: command ACTION',
    'orchestrator-service: orchestrator-service results',
  ],
  [...toTheRun, 'orchestrator-service: run.advance', 'agent-manager: agent-manager progress'],
];

/** What the trace of a person's question has to hold; it begins where the person asked. */
const asked = [
  ['agent-manager: POST /api/v1/commands'],
  ['agent-manager: POST /api/v1/commands', 'collect-agent: receive command', 'collect-agent: command events'],
];

async function ask({ urls, api }: Fleet, cluster_id: string): Promise<void> {
  const answer = await fetch(`${urls['agent-manager']}/api/v1/commands`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await api.token()}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      cluster_id,
      action: 'events',
      target: { api_version: 'v1', kind: 'Namespace', namespace: null, name: 'default' },
      parameters: {},
    }),
  });
  expect([answer.status, await answer.text()]).toEqual([201, expect.any(String)]);
}

it('leads one trace from the event in the cluster to the proven repair', async () => {
  const receiver = await startOtlpReceiver();
  const { spans } = receiver;
  const proven = () => spans.find(({ name, attributes }) => name === 'run' && attributes['outcome'] === 'verified');
  try {
    await withFleet(
      async ({ fleet, cluster, signal }) => {
        await attachSimulated({ fleet, cluster, allowChanges: true, signal });
        for (const fault of cluster.faults.filter(({ expected }) => expected.outcome === 'verified').slice(0, 1))
          fault.inject();
        await eventually(async () => expect(proven()).toBeDefined(), { within: 200_000 });
        const run = proven();
        await eventually(
          async () => {
            const trace = spans.filter((span) => span.trace === run?.trace);
            const found = trace.map((span) => pathTo(span, spans).join(' > '));
            const action = run?.attributes['action'] ?? '';
            const wanted = ways.map((way) => way.join(' > ').replace('ACTION', action));
            expect(found).toEqual(expect.arrayContaining(wanted));
          },
          { within: 30_000 },
        );
        const ended = (await fleet.api.incidents()).find(({ id }) => id === run?.attributes['incident_id']);
        expect(ended).toMatchObject({ state: 'resolved' });
        await ask(fleet, ended?.cluster_id ?? '');
        await eventually(
          () => {
            const found = spans.map((span) => pathTo(span, spans).join(' > '));
            expect(found).toEqual(expect.arrayContaining(asked.map((way) => way.join(' > '))));
          },
          { within: 30_000 },
        );
        // Reading begins no trace.
        expect(spans.filter(({ name }) => name.startsWith('GET '))).toEqual([]);
      },
      { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    );
  } finally {
    await receiver.stop();
  }
}, 300_000);
