import { totalmem } from 'node:os';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { exposeFigures } from './figures.ts';

const figures = {
  limit: [
    'aetherius_process_memory_limit_bytes',
    'Memory at which this process is killed; absent when nothing limits it',
  ],
} as const;

/** A registry of one process, with the runtime's own figures in it; handed to whoever declares a metric. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  exposeFigures({ metrics: registry, names: figures, read: async () => ({ limit: memoryLimit() }) });
  return registry;
}

/** Without a limit the kernel names none or an absurd one. */
export function memoryLimit(limit: number = process.constrainedMemory(), total: number = totalmem()): number | null {
  return limit > 0 && limit <= total ? limit : null;
}
