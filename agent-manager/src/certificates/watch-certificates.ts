import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Logger } from '@aetherius/shared/log';
import { Gauge, type Registry } from '@aetherius/shared/metrics';
import { type Loop, reasonOf, startLoop } from '@aetherius/shared/service';
import type { ManagerConfig } from '../config.ts';
import { certificateEnd } from './certificate-end.ts';

const HOUR_MS = 3_600_000;

type Needs = {
  config: Pick<ManagerConfig, 'NATS_URL' | 'NATS_CA_FILE' | 'PUBLIC_URL'>;
  metrics: Registry;
  log: Logger;
};

/** Looks every hour until when the certificates are good that everybody talks by. One that cannot be reached from here keeps what was last seen of it. */
export function watchCertificates({ config, metrics, log }: Needs): Loop {
  const { NATS_URL, NATS_CA_FILE, PUBLIC_URL } = config;
  const gauge = new Gauge({
    name: 'aetherius_certificate_expiry_timestamp_seconds',
    help: 'When the certificate of the bus, of the public address of the API, or of the authority that agents are told runs out; absent where there is none or it could not be seen',
    labelNames: ['endpoint'],
    registers: [metrics],
  });
  const look = async (endpoint: string, end: () => Promise<Date | undefined>) => {
    try {
      const at = await end();
      if (at !== undefined) gauge.set({ endpoint }, at.getTime() / 1000);
    } catch (error) {
      log.info({ endpoint, ...reasonOf(error) }, 'a certificate could not be looked at');
    }
  };
  return startLoop({
    name: 'certificates',
    every: HOUR_MS,
    log,
    run: async () => {
      await look('bus', () => certificateEnd(NATS_URL.split(',')[0] ?? ''));
      if (PUBLIC_URL !== undefined) await look('api', () => certificateEnd(PUBLIC_URL));
      if (NATS_CA_FILE !== undefined)
        await look('authority', async () => new Date(new X509Certificate(await readFile(NATS_CA_FILE)).validTo));
    },
  });
}
