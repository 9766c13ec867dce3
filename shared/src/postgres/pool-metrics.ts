import type pg from 'pg';
import { Counter, Gauge, type Registry } from 'prom-client';
import { exposeFigures } from '../metrics/index.ts';

const server = {
  used: ['aetherius_database_server_connections', 'Connections to all databases of the server, whoever holds them'],
  limit: ['aetherius_database_server_connections_limit', 'Connections that the server takes'],
} as const;
/** Everybody may read both; whose the connections are, only a monitor may. */
const question = `select (select sum(numbackends) from pg_stat_database)::float8 as used,
  current_setting('max_connections')::float8 as limit`;

/** Shows how full the server is, which this pool shares with others. */
export const exposeServer = (metrics: Registry, ask: (text: string) => Promise<{ rows: unknown[] }>): void =>
  exposeFigures({
    metrics,
    names: server,
    read: async () => (await ask(question)).rows[0] as Record<keyof typeof server, number>,
  });

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
