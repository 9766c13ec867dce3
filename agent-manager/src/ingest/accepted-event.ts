import { type Channel, channels, Event, unstorable } from '@aetherius/shared/contracts';
import { subjectOf } from '../incidents/correlate.ts';

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
