import { Counter, Gauge, type Registry } from '@aetherius/shared/metrics';
import type { Clock } from '@aetherius/shared/service';
import type { Informer } from './informer.ts';

const names = [
  'aetherius_agent_watch_silence_seconds',
  'aetherius_agent_watch_objects',
  'aetherius_agent_watch_restarts_total',
] as const;

/**
 * Shows each watch's figures: how long it was silent, how much it holds, and how often it had to start over and why.
 * The answer takes them away again, because an agent that regains the lead watches anew in the same process.
 */
export function exposeWatches(metrics: Registry, informers: readonly Informer[], clock: Clock): () => void {
  const registers = [metrics];
  new Gauge({
    name: names[0],
    help: 'Seconds since a watch was last heard',
    labelNames: ['watch'],
    registers,
    collect() {
      for (const { name, lastEventAt } of informers)
        this.set({ watch: name }, (clock.monotonic() - lastEventAt) / 1000);
    },
  });
  new Gauge({
    name: names[1],
    help: 'Objects that a watch holds',
    labelNames: ['watch'],
    registers,
    collect() {
      for (const { name, size } of informers) this.set({ watch: name }, size);
    },
  });
  new Counter({
    name: names[2],
    help: 'Times a watch started over, by cause',
    labelNames: ['watch', 'cause'],
    registers,
    collect() {
      this.reset();
      for (const { name, restarts } of informers) {
        for (const [cause, times] of Object.entries(restarts)) this.inc({ watch: name, cause }, times);
      }
    },
  });
  return () => {
    for (const name of names) metrics.removeSingleMetric(name);
  };
}
