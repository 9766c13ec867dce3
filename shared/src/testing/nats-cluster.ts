import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../service/index.ts';
import { endNats, natsBinary, startNats } from './nats-server.ts';

type Node = { name: string; url: string; config: string; monitor: number; child: ChildProcess };
export type TestNatsCluster = {
  /** All its addresses, with commas between them. */
  url: string;
  /** Ends a server without warning, by the name that a stream's `leader` has. */
  kill(name: string): Promise<void>;
  restart(name: string): Promise<void>;
  stop(): Promise<void>;
};

/** Three real nats-servers in one JetStream cluster, for one test file, each with more lines of configuration where given. */
export async function natsCluster(more: (folder: string) => string = () => ''): Promise<TestNatsCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-nats-cluster-'));
  const names = ['n1', 'n2', 'n3'];
  const routes = await Promise.all(names.map(() => freePort()));
  const routesOf = routes.map((route) => `nats://127.0.0.1:${route}`).join(', ');
  const nodes = new Map<string, Node>();
  await Promise.all(
    names.map(async (name, at) => {
      const [port, monitor] = [await freePort(), await freePort()];
      const config = join(folder, `${name}.conf`);
      writeFileSync(
        config,
        [
          `server_name: ${name}\nhost: 127.0.0.1\nport: ${port}\nhttp: "127.0.0.1:${monitor}"`,
          `jetstream { store_dir: "${folder}/${name}" }`,
          `cluster { name: test, host: 127.0.0.1, port: ${routes[at]}, routes: [${routesOf}] }`,
          more(join(folder, name)),
        ].join('\n'),
      );
      const child = await startNats(natsBinary(), config, monitor);
      nodes.set(name, { name, url: `nats://127.0.0.1:${port}`, config, monitor, child });
    }),
  );
  const node = (name: string): Node => {
    const found = nodes.get(name);
    if (found === undefined) throw new Error(`no server is called ${name}`);
    return found;
  };
  return {
    url: [...nodes.values()].map(({ url }) => url).join(','),
    kill: (name) => endNats(node(name).child, 'SIGKILL'),
    restart: async (name) => {
      const { config, monitor } = node(name);
      node(name).child = await startNats(natsBinary(), config, monitor);
    },
    stop: async () => {
      await Promise.all([...nodes.values()].map(({ child }) => endNats(child, 'SIGTERM')));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
