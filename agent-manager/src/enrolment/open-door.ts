import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { busKeeper } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import type { Logger } from '@aetherius/shared/log';
import { openNats } from '@aetherius/shared/nats';
import type { Db } from '@aetherius/shared/postgres';
import { type Own, startLoop } from '@aetherius/shared/service';
import type { ManagerConfig } from '../config.ts';
import { createBusKeeper, tellNow } from './bus-keeper.ts';
import type { Door } from './enrolment.ts';
import type { EnrolmentStore } from './enrolment-store.ts';
import { readIssuer } from './issuer.ts';

/** A bus that was restored from an older copy is told again within this time. */
const SETTLE_EVERY_MS = 15_000;
const FORGOTTEN_AFTER_MS = 30 * 86_400_000;

type Opening = { config: ManagerConfig; db: Db; store: EnrolmentStore; now: () => Date; log: Logger; own: Own };

/** What lets agents in, when the installation gave the keys for it. */
export async function openDoor({ config, db, store, now, log, own }: Opening): Promise<Door | undefined> {
  const { NATS_ISSUER_FILE: file, PUBLIC_URL: publicUrl, NATS_URL, NATS_PUBLIC_URL = NATS_URL, NATS_CA_FILE } = config;
  if (file === undefined || publicUrl === undefined) return undefined;
  const issuer = await readIssuer(file);
  const { inboxPrefix } = busKeeper;
  const nats = own(
    'bus-keeper',
    await openNats({ url: NATS_URL, user: issuer.systemUser, name: 'bus-keeper', inboxPrefix }, log),
  );
  const keeper = createBusKeeper({ db, store, issuer, now, nats });
  // Nobody is to be let in before the bus knows by whose signature.
  await tellNow(keeper, log, {});
  own('revocations', startLoop({ name: 'revocations', every: SETTLE_EVERY_MS, log, run: keeper.settle }));
  return {
    issuer,
    keeper,
    publicUrl: publicUrl.replace(/\/+$/, ''),
    natsUrls: NATS_PUBLIC_URL.split(','),
    ca: NATS_CA_FILE === undefined ? null : await readAuthority(NATS_CA_FILE),
    lifetimeSeconds: config.AGENT_JWT_SECONDS,
    chart: config.AGENT_CHART,
    manifests: config.AGENT_MANIFESTS,
    registry: config.AGENT_IMAGE_REGISTRY,
  };
}

/** Agents are handed it, who have nothing else to go by. */
export async function readAuthority(file: string): Promise<string> {
  const refuse = (reason: string, cause?: unknown) => {
    const way_out = 'set it to the certificate of the authority that signed the one of the bus';
    return errors.invalid_input({ NATS_CA_FILE: file, reason, way_out }, { cause });
  };
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw refuse('cannot be read', cause);
  });
  const certificates = text.split(/(?=-----BEGIN )/).filter((block) => block.startsWith('-----BEGIN '));
  if (certificates.length === 0) throw refuse('holds no certificate in PEM');
  for (const [index, certificate] of certificates.entries())
    try {
      new X509Certificate(certificate);
    } catch (cause) {
      throw refuse(`certificate ${index + 1} in it cannot be read`, cause);
    }
  return text;
}

/** Forgets what can let nobody in any more. */
export const forgetKeys = (store: EnrolmentStore, now: Date): Promise<void> =>
  store.forget(new Date(now.getTime() - FORGOTTEN_AFTER_MS));
