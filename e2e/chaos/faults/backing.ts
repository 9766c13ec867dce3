import { errors } from '@aetherius/shared/errors';
import type { Fault } from '../fault.ts';
import type { Stage } from '../stage.ts';

type Part = 'nats' | 'postgres' | 'redis' | 'neo4j';
type Length = { seconds: number; full: number };

/** Kills a part without warning and starts it again, on its old data, after so long. */
function outage(name: string, part: Part, lasts: Length): Fault {
  const starts = new WeakMap<Stage, () => Promise<void>>();
  return {
    name,
    alone: true,
    lasts,
    inject: async (stage) => {
      const kill = stage.fleet.backing.outage(part);
      if (kill === undefined) throw errors.unavailable({ part, reason: 'not ours to end' });
      starts.set(stage, await kill());
    },
    heal: async (stage) => starts.get(stage)?.(),
  };
}

/** The bus, the database, the cache and the graph, killed and away for a while. */
export const backingFaults: readonly Fault[] = [
  outage('nats-restart', 'nats', { seconds: 0, full: 0 }),
  outage('nats-outage', 'nats', { seconds: 20, full: 300 }),
  outage('postgres-restart', 'postgres', { seconds: 0, full: 0 }),
  outage('postgres-outage', 'postgres', { seconds: 20, full: 60 }),
];
