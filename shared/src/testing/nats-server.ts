import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../service/index.ts';
import { eventually } from './eventually.ts';

export type TestNatsServer = { url: string; kill(): Promise<void>; restart(): Promise<void>; stop(): Promise<void> };

/** A real nats-server with JetStream for one test file, with more lines of configuration where given; `kill` and `restart` keep its port and its data. */
export async function natsServer(more: (folder: string) => string = () => ''): Promise<TestNatsServer> {
  const binary = natsBinary();
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-nats-'));
  const config = join(folder, 'server.conf');
  const ports = async () => {
    const [port, monitor] = [await freePort(), await freePort()];
    writeFileSync(
      config,
      `host: 127.0.0.1\nport: ${port}\nhttp: "127.0.0.1:${monitor}"\njetstream { store_dir: "${folder}/js" }\n${more(folder)}`,
    );
    return { port, monitor };
  };
  let { port, monitor } = await ports();
  let child = await startNats(binary, config, monitor).catch(async () => {
    // Between the moment a port was found free and the server's bind, an outgoing connection of another test may take it.
    ({ port, monitor } = await ports());
    return startNats(binary, config, monitor);
  });
  const kill = () => endNats(child, 'SIGKILL');
  return {
    url: `nats://127.0.0.1:${port}`,
    kill,
    restart: async () => {
      await kill();
      child = await startNats(binary, config, monitor);
    },
    stop: async () => {
      await endNats(child, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where the server is that tests run. */
export function natsBinary(): string {
  const binary = process.env['AETHERIUS_NATS_SERVER'];
  if (binary === undefined) throw new Error('AETHERIUS_NATS_SERVER is not set; run the tests through npm test');
  return binary;
}

/** Starts a server and waits until it is healthy, JetStream included. */
export async function startNats(binary: string, config: string, monitor: number): Promise<ChildProcess> {
  const child = spawn(binary, ['-c', config], { stdio: 'ignore' });
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`nats-server ended with ${child.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${monitor}/healthz`);
    if (!answer.ok) throw new Error(`nats-server answers ${answer.status}`);
  });
  return child;
}

/** Ends a server, and waits until it is gone. */
export const endNats = (child: ChildProcess, signal: NodeJS.Signals): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill(signal);
  });
