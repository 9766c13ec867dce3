import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry of one process, with the runtime's own figures in it; handed to whoever declares a metric. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
