import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const WITHIN_MS = 10_000;

/**
 * Until when the certificate of a server is good, whoever signed it: undefined where the server speaks without one. A bus says what
 * it is before it encrypts, everything else begins with the handshake.
 */
export async function certificateEnd(address: string): Promise<Date | undefined> {
  const { protocol, hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'http:' || protocol === 'ws:') return undefined;
  const isBus = protocol === 'nats:' || protocol === 'tls:';
  const socket = connect({ host, port: Number(port || (isBus ? 4222 : 443)) });
  // Whoever waits hears of it; nobody else needs to.
  socket.on('error', () => undefined);
  const signal = AbortSignal.timeout(WITHIN_MS);
  try {
    await once(socket, 'connect', { signal });
    if (isBus && !(await offersTls(socket, signal))) return undefined;
    return await endOf(socket, { host, signal });
  } finally {
    socket.destroy();
  }
}

async function offersTls(socket: Socket, signal: AbortSignal): Promise<boolean> {
  let said = '';
  while (!said.includes('\r\n') && said.length < 65_536) said += String((await once(socket, 'data', { signal }))[0]);
  return /"tls_(?:required|available)":\s*true/.test(said);
}

async function endOf(socket: Socket, { host, signal }: { host: string; signal: AbortSignal }): Promise<Date> {
  // It is looked at and nothing is said to it: whether it can be trusted is for those to decide who talk.
  const tls = connectTls({ socket, servername: /^[\d.]+$|:/.test(host) ? '' : host, rejectUnauthorized: false });
  tls.on('error', () => undefined);
  try {
    await once(tls, 'secureConnect', { signal });
    return new Date(tls.getPeerCertificate().valid_to);
  } finally {
    tls.destroy();
  }
}
