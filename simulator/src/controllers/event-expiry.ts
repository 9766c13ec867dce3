import type { World } from './world.ts';

const keptMs = 3_600_000;
const sweepSeconds = 600;

/** Forgets events an hour after they were last written, so that a long run does not fill the memory. */
export function startEventExpiry({ objects, timers, clock }: World): void {
  timers.every(sweepSeconds, () => {
    const oldest = clock.now().getTime() - keptMs;
    for (const event of objects.list('Event')) {
      const seen =
        event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
      if (Date.parse(seen ?? '') < oldest) objects.remove(event);
    }
  });
}
