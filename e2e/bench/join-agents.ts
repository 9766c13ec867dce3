import { randomBytes } from 'node:crypto';
import type { Fleet } from '@aetherius/local';
import {
  AgentSettings,
  agentSubject,
  Command,
  type CommandReply,
  Enrolment,
  enrolmentStatement,
  type Heartbeat,
  type Register,
} from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import type { Logger } from '@aetherius/shared/log';
import { type Nats, openNats, seedOf, signerOf } from '@aetherius/shared/nats';
import { type Loop, sleep, startLoop } from '@aetherius/shared/service';

/** An agent as the bus and the manager see it: enrolled with its own key, on a connection of its own, beating. */
export type JoinedAgent = { cluster: string; id: string; nats: Nats; stop(): Promise<void> };

type Joining = { fleet: Fleet; from: number; to: number; log: Logger; signal: AbortSignal };

const AT_A_TIME = 16;
const BEAT_MS = 15_000;
const TOO_MANY = 429;
const AGAIN_MS = 1_000;
const ANSWER_MS = 15_000;

/** Lets in agents number `from` to `to`, as many at a time as a manager answers without haste. */
export async function joinAgents({ fleet, from, to, log, signal }: Joining): Promise<JoinedAgent[]> {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index).values();
  const joined: JoinedAgent[] = [];
  const joiner = async () => {
    for (const number of numbers) {
      signal.throwIfAborted();
      joined.push(await join(fleet, { cluster: `fleet-${String(number).padStart(5, '0')}`, log, signal }));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, joiner));
  return joined.sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
}

type One = { cluster: string; log: Logger; signal: AbortSignal };

async function join(fleet: Fleet, { cluster, log, signal }: One): Promise<JoinedAgent> {
  const key = signerOf(seedOf(randomBytes(32), 'user'), 'user');
  if (key === undefined) throw new Error('a fresh seed is no seed');
  const said = { cluster_id: cluster, public_key: key.publicKey, token: await fleet.api.invite(cluster) };
  const { jwt, nats_urls } = await enrolled(fleet, signal, () => {
    const stated = { ...said, at: new Date().toISOString() };
    return { ...stated, signature: key.sign(enrolmentStatement(stated)).toString('base64url') };
  });
  const user = { jwt: () => jwt, signer: () => key };
  const self = { name: `collect-agent-${cluster}`, inboxPrefix: `_INBOX_${cluster}` };
  const nats = await openNats({ url: nats_urls.join(','), user, ...self }, log);
  const id = `${cluster}-bench`;
  const commands = refuseCommands(nats, cluster);
  await nats.request(agentSubject(cluster, 'register'), introduction(cluster, id), {
    schema: AgentSettings,
    timeoutMs: ANSWER_MS,
  });
  const beats = startBeating(nats, { cluster, id, log });
  const stop = async () => {
    await Promise.all([beats.stop(), commands.stop()]);
    await nats.stop();
  };
  return { cluster, id, nats, stop };
}

/** The door has a limit for each address, and all agents of a bench come from one: it is asked again until it opens. */
async function enrolled(fleet: Fleet, signal: AbortSignal, request: () => unknown): Promise<Enrolment> {
  for (;;) {
    signal.throwIfAborted();
    const answer = await fetch(`${fleet.urls['agent-manager']}/api/v1/enroll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request()),
    });
    const body = await answer.text();
    if (answer.ok) return Enrolment.parse(JSON.parse(body));
    if (answer.status !== TOO_MANY) throw errors.unavailable({ url: answer.url, status: answer.status, answer: body });
    await sleep(AGAIN_MS, signal);
  }
}

const introduction = (cluster: string, id: string): Register => ({
  agent_id: id,
  cluster_id: cluster,
  display_name: null,
  version: 'bench',
  started_at: new Date().toISOString(),
  kubernetes_version: null,
  capabilities: [],
  changes_allowed: false,
});

/** There is no cluster behind it: each command is answered at once, with no. */
const refuseCommands = (nats: Nats, cluster: string) =>
  nats.listen(
    agentSubject(cluster, 'command'),
    Command,
    async ({ id }): Promise<CommandReply> => ({
      command_id: id,
      status: 'refused',
      reason: 'there is no cluster behind this agent',
    }),
  );

function startBeating(nats: Nats, { cluster, id, log }: { cluster: string; id: string; log: Logger }): Loop {
  const started = performance.now();
  const beat = async () => {
    const heartbeat: Heartbeat = {
      agent_id: id,
      cluster_id: cluster,
      at: new Date().toISOString(),
      status: 'healthy',
      queues: { spooled_events: 0, spooled_results: 0 },
      watches: { pods: { synced: true, age_seconds: 1 } },
      uptime_seconds: (performance.now() - started) / 1000,
      leader: true,
      problems: [],
    };
    if (nats.connected()) nats.emit(agentSubject(cluster, 'heartbeat'), heartbeat);
  };
  return startLoop({ name: 'heartbeat', every: BEAT_MS, run: beat, log });
}
