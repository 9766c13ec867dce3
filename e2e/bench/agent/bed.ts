import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { openHome, type TestEnvironment } from '@aetherius/local';
import { agentPermissions } from '@aetherius/shared/contracts';
import { ensureStreams, type Nats } from '@aetherius/shared/nats';
import { freePort } from '@aetherius/shared/service';
import { startBus, watcher } from '../bus.ts';
import { startAsImage } from './as-image.ts';
import { startCrowd } from './crowd.ts';

const CLUSTER = 'bench-1';
const bareWatch = fileURLToPath(new URL('bare-watch.ts', import.meta.url));

export type Bed = Awaited<ReturnType<typeof openBed>>;

/** A cluster with so many pods, a bus, and one agent between them, which is in step when this resolves. */
export async function openBed(env: TestEnvironment, pods: number) {
  const home = openHome(mkdtempSync(join(tmpdir(), 'aetherius-bench-')));
  const bus = await startBus(home, env.AETHERIUS_NATS_SERVER);
  const listener = await bus.open(...watcher);
  await ensureStreams(listener);
  const crowd = await startCrowd(pods);
  const stream = await hear(listener);
  const bare = spawn(process.execPath, [bareWatch, crowd.url], { stdio: ['ignore', 'pipe', 'ignore'] });
  const port = await freePort();
  const agent = await startAsImage({
    home,
    env: {
      PORT: String(port),
      LISTEN_HOST: '127.0.0.1',
      CLUSTER_ID: CLUSTER,
      KUBE_SERVER: crowd.url,
      NATS_URL: bus.url,
      NATS_CREDS: await bus.creds(`agent-${CLUSTER}`, agentPermissions(CLUSTER)),
      SPOOL_DIR: join(home.data, 'spool'),
      LOG_LEVEL: 'warn',
    },
  });
  return {
    crowd,
    stream,
    agentPid: agent.pid,
    barePid: bare.pid ?? 0,
    bareSeen: () => endAndHear(bare),
    spooled: () => spooledAt(`http://127.0.0.1:${port}/metrics`),
    stop: async () => {
      bare.kill('SIGKILL');
      await agent.stop();
      stream.stop();
      await listener.stop();
      await crowd.stop();
      await bus.stop();
      rmSync(home.path, { recursive: true, force: true });
    },
  };
}

/** Ends the bare watch and answers which warnings it saw when; nothing when it had ended before, as one does that fell too far behind. */
async function endAndHear(bare: ChildProcessByStdio<null, Readable, null>): Promise<[number: number, at: number][]> {
  bare.kill('SIGTERM');
  const said = await text(bare.stdout);
  return said === '' ? [] : (JSON.parse(said) as [number, number][]);
}

/** Events that the agent has not got rid of yet, in its own words. */
const spooledAt = async (url: string): Promise<number> =>
  Number(
    /^aetherius_agent_spooled_messages\{.*kind="event".*\} (\d+)/m.exec(await (await fetch(url)).text())?.[1] ??
      Number.NaN,
  );

/** What the bus has stored of the agent: numbered warnings with the server's own time, gaps, and the rest. */
async function hear(nats: Nats) {
  const stored: { number: number; at: number }[] = [];
  const seen = { cut: 0, others: 0 };
  const messages = await (await nats.js.consumers.get('AGENT_EVENTS')).consume();
  const reading = (async () => {
    for await (const message of messages) {
      const event = message.json<{ type: string; message: string; labels: Record<string, string> }>();
      const number = /\[(\d+)\]$/.exec(event.message)?.[1];
      if (number !== undefined) stored.push({ number: Number(number), at: message.info.timestampNanos / 1e6 });
      else if (event.type === 'gap') seen.cut += Number(event.labels['events']);
      else seen.others += 1;
    }
  })();
  return {
    stored,
    seen,
    stop: () => {
      messages.stop();
      void reading;
    },
  };
}
