import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import type { Logger } from '@aetherius/shared/log';
import type { Clock } from '@aetherius/shared/service';
import type { AgentConfig } from '../config.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Contender } from '../leader/leadership.ts';
import { askManager } from './ask-manager.ts';
import { type AgentEnrolment, startEnrolment, type WayIn } from './enrolment.ts';
import { readServiceAccount } from './service-account.ts';

type Enrolling = { config: AgentConfig; client: KubeClient; clock: Clock; log: Logger };

/** The enrolment that the configuration asks for. */
export function enrolmentOf({ config, client, clock, log }: Enrolling): AgentEnrolment | undefined {
  const { ENROL_URL: url, ENROL_TOKEN: token, ENROL_TOKEN_FILE: file } = config;
  if (url === undefined) return undefined;
  return startEnrolment({
    cluster: config.CLUSTER_ID,
    keyFile: join(config.SPOOL_DIR, 'agent.nkey'),
    token: async () => token ?? (file === undefined ? undefined : readToken(file)),
    serviceAccount: () => readServiceAccount({ client, file: config.SERVICE_ACCOUNT_TOKEN_FILE, log }),
    ask: (request) => askManager(url, request),
    clock,
    random: Math.random,
    log,
  });
}

async function readToken(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    const way_out = 'set it to a file with the one-time token of this cluster, readable for this process';
    throw errors.invalid_input({ ENROL_TOKEN_FILE: file, reason: cause.message, way_out }, { cause });
  });
  return text.trim();
}

/** The way to the bus: as enrolled, or as given where nobody enrols. */
export async function wayInOf(
  { NATS_URL, NATS_CREDS }: Pick<AgentConfig, 'NATS_URL' | 'NATS_CREDS'>,
  enrolment: Pick<AgentEnrolment, 'wayIn'> | undefined,
): Promise<WayIn> {
  if (enrolment === undefined) return { url: NATS_URL ?? '', creds: NATS_CREDS };
  const told = await enrolment.wayIn;
  return NATS_URL === undefined ? told : { ...told, url: NATS_URL };
}

/** An agent that is shut out lets its leadership run out: whatever it saw could reach nobody, and another replica may be let in. */
export const whileLetIn = (contender: Contender, enrolment: AgentEnrolment | undefined): Contender => ({
  ...contender,
  tick: async () => {
    if (enrolment?.isShutOut() !== true) await contender.tick();
  },
});
