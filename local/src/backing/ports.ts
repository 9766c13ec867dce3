import { createServer } from 'node:net';
import { errors } from '@aetherius/shared/errors';

const HOST = '127.0.0.1';

const listen = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });

/** A port of the loopback address that nobody uses now. */
export const freePort = (): Promise<number> => listen(0);

/** Makes sure that a port that was asked for is free; the error names it and the variable that chooses another. */
export async function requireFreePort({
  port,
  purpose,
  variable,
}: {
  port: number;
  purpose: string;
  variable: string;
}): Promise<number> {
  try {
    return await listen(port);
  } catch (cause) {
    throw errors.conflict(
      {
        port,
        purpose,
        reason: 'the port is taken or not allowed',
        way_out: `stop what listens there, or set ${variable} to another port`,
      },
      { cause },
    );
  }
}
