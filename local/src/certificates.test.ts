import { X509Certificate } from 'node:crypto';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { isGood, makeAuthority, makeCertificate } from './certificates.ts';

const now = new Date();
const serial = Buffer.from('0102030405060708', 'hex');
const authority = makeAuthority({ name: 'Test authority', serial, now, days: 10 });
const hosts = ['bus', 'bus.example.org', '127.0.0.1'];
const server = makeCertificate(authority, { name: 'bus', hosts, serial, now, days: 5 });
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);

/** Greets a server with this certificate as somebody who trusts this authority alone. */
function greet(ca: string, servername: string): Promise<string> {
  return new Promise((resolve) => {
    const listening = createServer({ cert: server.certificate, key: server.key }, (socket) => socket.end()).listen(
      0,
      '127.0.0.1',
      () => {
        const { port } = listening.address() as { port: number };
        const end = (outcome: string, socket: TLSSocket) => {
          socket.destroy();
          listening.close(() => resolve(outcome));
        };
        const socket = connect({ host: '127.0.0.1', port, ca, servername });
        socket.once('secureConnect', () => end('trusted', socket));
        socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message, socket));
      },
    );
  });
}

describe('certificates of an installation', () => {
  it('are trusted by who trusts the authority, under the names that they carry', async () => {
    expect(await greet(authority.certificate, 'bus.example.org')).toBe('trusted');
    expect(await greet(authority.certificate, 'another')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('are refused by who trusts another authority of the same name', async () => {
    const other = makeAuthority({ name: 'Test authority', serial, now, days: 10 });
    expect(await greet(other.certificate, 'bus')).not.toBe('trusted');
    expect(isGood(other.certificate, server.certificate, { hosts, until: now })).toBe(false);
  });

  it('tell an authority from a server', () => {
    expect(new X509Certificate(authority.certificate).ca).toBe(true);
    expect(new X509Certificate(server.certificate).ca).toBe(false);
    expect(new X509Certificate(server.certificate).subjectAltName).toContain('IP Address:127.0.0.1');
  });

  it.each([
    ['all is well', hosts, inDays(4), true],
    ['it ends too soon', hosts, inDays(6), false],
    ['a name was added', [...hosts, 'new.example.org'], inDays(1), false],
    ['an address was added', [...hosts, '10.0.0.1'], inDays(1), false],
  ])('are judged: %s', (_what, names, until, good) => {
    expect(isGood(authority.certificate, server.certificate, { hosts: names, until })).toBe(good);
  });
});
