import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  agentSubject,
  Command,
  CommandReply,
  CommandResult,
  type JsonObject,
  type ObjectRef,
} from '@aetherius/shared/contracts';
import { ensureStreams, type Nats, openNats } from '@aetherius/shared/nats';
import { systemClock as clock, newId } from '@aetherius/shared/service';
import { eventually, natsServer, silentLogger } from '@aetherius/shared/testing';
import { type KubeObject, type Simulator, startSimulator } from '@aetherius/simulator';
import { carryOut } from '../src/commands/carry-out.ts';
import { consumeCommands } from '../src/commands/consume.ts';
import { openKillSwitch } from '../src/commands/kill-switch.ts';
import { type Outcome, refused } from '../src/commands/outcome.ts';
import { Policy } from '../src/commands/policy.ts';
import { createKubeClient, type KubeClient } from '../src/kube/client.ts';
import { openUplink } from '../src/uplink/uplink.ts';

const cluster = 'eu-1';
const log = silentLogger();

/** The acting half of an agent between a real bus and a simulated cluster with three nodes. */
export async function startFixture() {
  const server = await natsServer();
  const nats = await openNats({ url: server.url, name: 'test' }, log);
  await ensureStreams(nats);
  const simulator = await startSimulator({ clock, newId });
  simulator.store.create(namespaceNamed('shop'));
  for (const name of ['n1', 'n2', 'n3']) simulator.store.create(nodeNamed(name));
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-agent-'));
  const client = createKubeClient({ server: simulator.address });
  const spool = { folder, maxBytes: 64 * 1024 ** 2 };
  const uplink = await openUplink({
    bus: { current: () => nats },
    ...spool,
    cluster,
    agentId: 'eu-1-test',
    clock,
    log,
  });
  const killSwitch = openKillSwitch(join(folder, 'kill-switch'));
  const state = { leading: true, healthy: new Map<string, number>(), client: undefined as KubeClient | undefined };
  const consumer = consumeCommands({
    nats,
    cluster,
    leading: () => state.leading,
    rules: () => ({
      ownNamespace: 'aetherius-agent',
      policy: Policy.parse({}),
      changesAllowed: true,
      killSwitch: killSwitch.on(),
    }),
    carryOut: (order) =>
      carryOut({ client: state.client ?? client, clock, killSwitch, readyFor: (uid) => state.healthy.get(uid) }, order),
    report: uplink.sendResult,
    clock,
    log,
  });
  return {
    nats,
    simulator,
    client,
    state,
    consumer,
    ask: (command: Command) => ask(nats, command),
    carry: (command: Command) => carry(nats, command),
    stop: async () => {
      await consumer.stop();
      await uplink.stop();
      client.stop();
      await simulator.stop();
      await nats.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type Fixture = Awaited<ReturnType<typeof startFixture>>;

const ask = (nats: Nats, command: Command) =>
  nats.request(agentSubject(cluster, 'command'), command, { schema: CommandReply, timeoutMs: 2_000 });

/** Sends a command and waits for the result that follows; a refusal on receipt comes back as a result, too. */
async function carry(nats: Nats, command: Command): Promise<Outcome> {
  const before = await lastResult(nats);
  const reply = await ask(nats, command);
  if (reply.status === 'refused') return refused(reply.reason ?? '');
  return eventually(
    async () => {
      const last = await lastResult(nats);
      if (last === undefined || last.seq === before?.seq) throw new Error('no result yet');
      return last.result;
    },
    { within: 20_000 },
  );
}

/** The newest result in its stream. */
export async function lastResult(nats: Nats): Promise<{ seq: number; id: string; result: CommandResult } | undefined> {
  const manager = await nats.manager();
  const subject = agentSubject(cluster, 'result');
  const message = await manager.streams.getMessage('AGENT_RESULTS', { last_by_subj: subject }).catch(() => null);
  if (message === null) return undefined;
  return {
    seq: message.seq,
    id: message.header.get('Nats-Msg-Id'),
    result: CommandResult.parse(JSON.parse(new TextDecoder().decode(message.data))),
  };
}

const namespaceNamed = (name: string) => ({
  kind: 'Namespace',
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
});

const nodeNamed = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  spec: {},
  status: { capacity: { cpu: '4', memory: '8Gi', 'ephemeral-storage': '100Gi', pods: '110' } },
});

/** A Deployment of two replicas as a person would apply it. */
export const deployment = (name: string, template: JsonObject = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [
          {
            name: 'app',
            image: 'registry.local/app:1',
            resources: { requests: { memory: '32Mi' }, limits: { memory: '64Mi' } },
            ...template,
          },
        ],
      },
    },
  },
});

/** A command about an object, with a fresh id unless one is given. */
export const order = (
  action: Command['action'],
  target: Partial<ObjectRef> & { kind: string; name: string },
  rest: Partial<Command> = {},
): Command =>
  Command.parse({
    id: `run-${newId()}:repair/act`,
    cluster_id: cluster,
    issuer: 'orchestrator',
    action,
    target: {
      api_version: target.kind === 'Node' || target.kind === 'Pod' ? 'v1' : 'apps/v1',
      namespace: 'shop',
      ...target,
    },
    expires_in: '30s',
    ...rest,
  });

/** Waits until the simulated Deployment is as available as it wants to be. */
export const rolledOut = (simulator: Simulator, name: string): Promise<KubeObject> =>
  eventually(() => {
    const object = simulator.store.get('Deployment', 'shop', name);
    const status = object?.['status'] as Record<string, number> | undefined;
    const spec = object?.['spec'] as { replicas: number };
    const done =
      status?.['availableReplicas'] === spec.replicas &&
      status['updatedReplicas'] === spec.replicas &&
      status['replicas'] === spec.replicas;
    if (object === undefined || !done) throw new Error(`not rolled out: ${JSON.stringify(status)}`);
    return object;
  });
