import { join } from 'node:path';
import { createNatsAuth, type Home, startNatsServer } from '@aetherius/local';
import type { NatsPermissions } from '@aetherius/shared/contracts';
import { createLogger } from '@aetherius/shared/log';
import { type Nats, openNats } from '@aetherius/shared/nats';

/** A bus as the product runs it: every message synced, every user with its own rights. */
export type BenchBus = {
  url: string;
  pid: number;
  creds(user: string, permissions: NatsPermissions): Promise<string>;
  open(user: string, permissions: NatsPermissions): Promise<Nats>;
  stop(): Promise<void>;
};

/** A user that may make streams and read all of them, which no service may. */
export const watcher: [user: string, rights: NatsPermissions] = [
  'bench',
  { pub: ['$JS.API.>', '$JS.ACK.>', 'bench.>'], sub: ['_INBOX_bench.>'], reply: false },
];

/** Starts the server in a home of its own; its program is the one of the test backing. */
export async function startBus(home: Home, binary: string): Promise<BenchBus> {
  const auth = await createNatsAuth(join(home.secrets, 'nats'));
  const place = { folder: join(home.data, 'nats'), logFile: join(home.logs, 'nats.log'), runFolder: home.run };
  const server = await startNatsServer({ binary, trust: auth.trust, ...place });
  return {
    url: server.url,
    pid: server.process.pid,
    creds: auth.creds,
    open: async (user, permissions) =>
      openNats(
        { url: server.url, name: user, creds: await auth.creds(user, permissions) },
        createLogger('bench', 'error'),
      ),
    stop: server.process.stop,
  };
}
