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
    handle: ({ body }) => learnFrom(learning, ofRun(body)),
  });
