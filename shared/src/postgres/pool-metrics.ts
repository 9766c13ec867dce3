import type pg from 'pg';
import { Counter, Gauge, type Registry } from 'prom-client';

/** Shows how a pool stands at the moment of a scrape; the answer counts a connection that broke. */
export function exposePool(registry: Registry, pool: pg.Pool, max: number): { broken: () => void } {
  const registers = [registry];
  new Gauge({
    name: 'aetherius_database_connections',
    help: 'Connections of the pool by state; waiting are callers that have none yet',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
  new Gauge({
    name: 'aetherius_database_connections_limit',
    help: 'Connections that the pool may open',
    registers,
  }).set(max);
  const broken = new Counter({
    name: 'aetherius_database_broken_connections_total',
    help: 'Idle connections that the database ended',
    registers,
  });
  return { broken: () => broken.inc() };
}
