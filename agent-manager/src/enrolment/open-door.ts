import { busKeeper } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { openNats } from '@aetherius/shared/nats';
import type { Db } from '@aetherius/shared/postgres';
import { type Own, startLoop } from '@aetherius/shared/service';
import type { ManagerConfig } from '../config.ts';
import type { GivenFiles } from '../given-files.ts';
import { createBusKeeper, tellNow } from './bus-keeper.ts';
import type { Door } from './enrolment.ts';
import type { EnrolmentStore } from './enrolment-store.ts';

/** A bus that was restored from an older copy is told again within this time. */
const SETTLE_EVERY_MS = 15_000;
const FORGOTTEN_AFTER_MS = 30 * 86_400_000;

type Given = Pick<GivenFiles, 'issuer' | 'authority'>;
type Opening = Given & { config: ManagerConfig; db: Db; store: EnrolmentStore; now: () => Date; log: Logger; own: Own };

/** What lets agents in, when the installation gave the keys for it. */
export async function openDoor({
  issuer,
  authority,
  config,
  db,
  store,
  now,
  log,
  own,
}: Opening): Promise<Door | undefined> {
  const { PUBLIC_URL: publicUrl, NATS_URL, NATS_PUBLIC_URL = NATS_URL } = config;
  if (issuer === undefined || publicUrl === undefined) return undefined;
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
    ca: authority ?? null,
    lifetimeSeconds: config.AGENT_JWT_SECONDS,
    chart: config.AGENT_CHART,
    manifests: config.AGENT_MANIFESTS,
    registry: config.AGENT_IMAGE_REGISTRY,
  };
}

/** Forgets what can let nobody in any more. */
export const forgetKeys = (store: EnrolmentStore, now: Date): Promise<void> =>
  store.forget(new Date(now.getTime() - FORGOTTEN_AFTER_MS));
