import { Counter, Gauge, type Registry } from '@aetherius/shared/metrics';
import type { Uplink } from './uplink.ts';

/** What waits to be sent, and how much room it takes. */
export function exposeUplink(metrics: Registry, uplink: Pick<Uplink, 'depths'>): void {
  new Gauge({
    name: 'aetherius_agent_spooled_messages',
    help: 'Messages on disk that the bus has not acknowledged yet',
    labelNames: ['kind'],
    registers: [metrics],
    collect() {
      const { spooled_events, spooled_results } = uplink.depths();
      this.set({ kind: 'event' }, spooled_events);
      this.set({ kind: 'result' }, spooled_results);
    },
  });
  new Counter({
    name: 'aetherius_agent_events_lost_total',
    help: 'Events that could neither be kept on disk nor be sent',
    registers: [metrics],
    collect() {
      this.reset();
      this.inc(uplink.depths().lost_events);
    },
  });
  new Gauge({
    name: 'aetherius_agent_spool_oldest_seconds',
    help: 'Age of the oldest message on disk that the bus has not acknowledged yet',
    registers: [metrics],
    collect() {
      this.set(uplink.depths().spool_oldest_seconds);
    },
  });
  new Gauge({
    name: 'aetherius_agent_spool_bytes',
    help: 'Bytes that the spool takes on disk',
    registers: [metrics],
    collect() {
      this.set(uplink.depths().spool_bytes);
    },
  });
  new Gauge({
    name: 'aetherius_agent_spool_limit_bytes',
    help: 'Bytes of events beyond which the oldest are cut, SPOOL_MAX_BYTES',
    registers: [metrics],
    collect() {
      this.set(uplink.depths().spool_limit_bytes);
    },
  });
}
