import { type Channel, channels, Event } from '@aetherius/shared/contracts';
import { subjectOf } from '../incidents/correlate.ts';

/** The first text that Postgres could not keep (a NUL or half a surrogate pair), or undefined. */
export function unstorable(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const inside = path === '' ? key : `${path}.${key}`;
    const found = unstorable(key, inside) ?? unstorable(item, inside);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An event that can be stored and belongs where it says: everything else goes to the dead letters with the reason. */
export const acceptedEvent: Channel<typeof Event> = {
  pattern: channels.event.pattern,
  body: Event.superRefine((event, context) => {
    const field = unstorable(event);
    if (field !== undefined)
      context.addIssue({ code: 'custom', path: field.split('.'), message: 'holds text that cannot be stored' });
    if (subjectOf(event.fingerprint, event.cluster_id) === undefined)
      context.addIssue({ code: 'custom', path: ['fingerprint'], message: 'must be cluster_id/namespace/kind/name' });
  }),
};
