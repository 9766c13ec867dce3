import { channels } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { consumeBatch, type Nats } from '@aetherius/shared/nats';
import { type Learning, learnFrom, ofRun } from '../learning/learn.ts';

const ENDS_AT_ONCE = 100;

/** Keeps how each incident turned out, and makes a case of it. While the database is away an end is delivered again and again. */
export const startFeedback = ({ nats, log, ...learning }: Learning & { nats: Nats; log: Logger }) =>
  consumeBatch({
    nats,
    log,
    service: 'reasoning-service',
    purpose: 'feedback',
    stream: 'REASONING',
    channel: channels.feedback,
    size: ENDS_AT_ONCE,
    gathers: true,
    handle: async (messages) => {
      const unknown = await learnFrom(
        learning,
        messages.map(({ body }) => ofRun(body)),
      );
      for (const { incident_id } of unknown)
        log.warn({ incident_id }, 'an end of what was not answered here is not learnt from');
    },
  });
