import { Gauge, type Registry } from '@aetherius/shared/metrics';
import type { Clock } from '@aetherius/shared/service';
import type { Informer } from './informer.ts';

/** Shows each watch's figures: how long it was silent, how much it holds, and how often it had to start over and why. */
export function exposeWatches(metrics: Registry, informers: readonly Informer[], clock: Clock): void {
  const registers = [metrics];
  new Gauge({
    name: 'aetherius_agent_watch_silence_seconds',
    help: 'Seconds since a watch was last heard',
    labelNames: ['watch'],
    registers,
    collect() {
      for (const { name, lastEventAt } of informers)
        this.set({ watch: name }, (clock.monotonic() - lastEventAt) / 1000);
    },
  });
  new Gauge({
    name: 'aetherius_agent_watch_objects',
    help: 'Objects that a watch holds',
    labelNames: ['watch'],
    registers,
    collect() {
      for (const { name, size } of informers) this.set({ watch: name }, size);
    },
  });
  new Gauge({
    name: 'aetherius_agent_watch_restarts',
    help: 'Times a watch started over since the start, by cause',
    labelNames: ['watch', 'cause'],
    registers,
    collect() {
      for (const { name, restarts } of informers) {
        for (const [cause, times] of Object.entries(restarts)) this.set({ watch: name, cause }, times);
      }
    },
  });
}
