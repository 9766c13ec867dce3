import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errors } from '../errors/index.ts';

export type Listening = { port: number; stop(): Promise<void> };

/** Serves on a port (0: any free one) of one address, or of all when none is named; `stop` lets requests finish and closes idle connections. */
export async function listen(app: RequestListener, port: number, host?: string): Promise<Listening> {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE'
          ? { reason: 'the port is taken', way_out: 'end the other program, or set PORT to another port' }
          : {
              reason: cause.message,
              way_out: 'set PORT and LISTEN_HOST to a port and an address that this process may have',
            };
      reject(errors.unavailable({ port, ...why }, { cause }));
    });
    server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        // Streams and slow callers get one second, then the connection is cut: a stop must end.
        setTimeout(() => server.closeAllConnections(), 1_000).unref();
      }),
  };
}
