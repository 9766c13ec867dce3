import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics } from '@aetherius/shared/metrics';
import { eventually, natsServer, needs, silentLogger } from '@aetherius/shared/testing';
import { afterAll, expect, it } from '@jest/globals';
import { certificateEnd } from '../../agent-manager/src/certificates/certificate-end.ts';
import { watchCertificates } from '../../agent-manager/src/certificates/watch-certificates.ts';
import { makeAuthority, makeCertificate } from '../../local/src/certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-certificates-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const made = { serial: Buffer.alloc(16, 1), now: new Date() };
const authority = makeAuthority({ ...made, name: 'ours', days: 100 });
const { certificate, key } = makeCertificate(authority, { ...made, name: 'a', hosts: ['localhost'], days: 9 });
const inDays = (end: Date | undefined) => ((end?.getTime() ?? Number.NaN) - Date.now()) / 86_400_000;

const listening = async (server: Server, work: (port: number) => Promise<void>) => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work((server.address() as { port: number }).port);
  } finally {
    server.close();
  }
};

needs('nats')('the end of a certificate', () => {
  it('is seen of a bus, of an API and of the authority, whoever signed them', async () => {
    const bus = await natsServer(
      () => `tls { cert_file: "${file('bus.crt', certificate)}", key_file: "${file('bus.key', key)}" }`,
    );
    try {
      const NATS_URL = bus.url.replace('nats://127.0.0.1', 'tls://localhost');
      expect(inDays(await certificateEnd(NATS_URL))).toBeCloseTo(9, 0);
      await listening(createHttps({ cert: certificate, key }), async (port) => {
        const metrics = createMetrics('agent-manager');
        const config = {
          NATS_URL,
          NATS_CA_FILE: file('ca.crt', authority.certificate),
          PUBLIC_URL: `https://127.0.0.1:${port}`,
        };
        const watch = watchCertificates({ config, metrics, log: silentLogger() });
        try {
          await eventually(async () => {
            const text = await metrics.getSingleMetricAsString('aetherius_certificate_expiry_timestamp_seconds');
            for (const endpoint of ['bus', 'api', 'authority']) expect(text).toContain(`endpoint="${endpoint}"`);
          });
        } finally {
          await watch.stop();
        }
      });
    } finally {
      await bus.stop();
    }
  });

  it('is none of a bus or an API without one, and no answer where nobody answers', async () => {
    const bus = await natsServer();
    try {
      expect(await certificateEnd(bus.url)).toBeUndefined();
    } finally {
      await bus.stop();
    }
    expect(await certificateEnd('http://127.0.0.1:1')).toBeUndefined();
    await expect(certificateEnd('https://127.0.0.1:1')).rejects.toThrow();
    const rude = createServer((socket) => socket.end('no TLS here'));
    await listening(rude, (port) => expect(certificateEnd(`https://127.0.0.1:${port}`)).rejects.toThrow());
  });
});
