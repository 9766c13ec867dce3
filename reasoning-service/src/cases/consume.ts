import { channels } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { consume, type Nats } from '@aetherius/shared/nats';
import { type Learning, learnFrom, ofRun } from '../learning/learn.ts';

/** Keeps how each incident turned out, and makes a case of it. While the database is away an end is delivered again and again. */
export const startFeedback = ({ nats, log, ...learning }: Learning & { nats: Nats; log: Logger }) =>
  consume({
    nats,
    log,
    service: 'reasoning-service',
    purpose: 'feedback',
    stream: 'REASONING',
    channel: channels.feedback,
    handle: async ({ body }) => {
      const { incident_id } = body;
      if ((await learning.learning.causeOf(incident_id)) === undefined)
        return log.warn({ incident_id }, 'an end of what was not answered here is not learnt from');
      await learnFrom(learning, ofRun(body));
    },
  });
