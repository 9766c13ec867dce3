import { Gauge, type Registry } from 'prom-client';

export type StreamFigures = ReturnType<typeof createStreamFigures>;

/** How full the streams are that refuse what comes when they are full; their names are declared, so their number is fixed. */
export function createStreamFigures(metrics: Registry) {
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['stream'], registers: [metrics] });
  const bytes = gauge('aetherius_bus_stream_bytes', 'What a stream holds');
  const limit = gauge('aetherius_bus_stream_limit_bytes', 'What a stream may hold; beyond it new messages are refused');
  return {
    of: (stream: string, held: { bytes: number; limit: number }) => {
      bytes.set({ stream }, held.bytes);
      limit.set({ stream }, held.limit);
    },
  };
}
