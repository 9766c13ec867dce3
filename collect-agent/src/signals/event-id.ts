import { createHash } from 'node:crypto';

/** The id of an event: derived from what was seen, so that a re-list, a reconnect or a second replica makes no second one. */
export const eventId = (cluster: string, identity: readonly (string | number)[]): string =>
  createHash('sha256')
    .update(JSON.stringify([cluster, ...identity]))
    .digest('hex');
