import { Gauge, type Registry } from 'prom-client';

type Needs = { metrics: Registry; ready: () => Promise<Record<string, string>> | Record<string, string> };

/** Shows each part of a service as 1 or 0, so that an alert can name the part that is away. */
export function exposeReadiness({ metrics, ready }: Needs): void {
  new Gauge({
    name: 'aetherius_part_ready',
    help: 'Whether a part of the service is in order',
    labelNames: ['part'],
    registers: [metrics],
    async collect() {
      for (const [part, state] of Object.entries(await ready())) this.set({ part }, state === 'ok' ? 1 : 0);
    },
  });
}
