import { Counter, Gauge, Histogram, type Registry } from '@aetherius/shared/metrics';

/** What is counted of events on their way into the store; the names without a prefix are those that dashboards expect. */
export function createIngestMetrics(metrics: Registry) {
  const registers = [metrics];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const kinds = new Counter({
    name: 'aetherius_manager_events_total',
    help: 'Events off the stream: new, seen before, or of a cluster that the sender does not speak for',
    labelNames: ['kind'],
    registers,
  });
  new Gauge({
    name: 'aetherius_manager_event_dedup_ratio',
    help: 'Share of the events since the start that had been seen before; absent before the first',
    registers,
    async collect() {
      const { values } = await kinds.get();
      const of = (...names: string[]) =>
        values.filter(({ labels }) => names.includes(String(labels.kind))).reduce((sum, { value }) => sum + value, 0);
      const all = of('new', 'foreign', 'repeated');
      if (all === 0) this.remove();
      else this.set(of('repeated') / all);
    },
  });
  return {
    kinds,
    received: counter('events_received_total', 'Events off the stream'),
    processed: counter('events_processed_total', 'Events that were new and are stored'),
    dropped: counter('events_dropped_total', 'Events that went to the dead letters'),
    batch: new Histogram({
      name: 'aetherius_manager_ingest_batch_seconds',
      help: 'Time to store one batch and move its incidents',
      registers,
    }),
    age: new Histogram({
      name: 'event_processing_duration_seconds',
      help: "Time from the agent's report to the stored event",
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300],
      registers,
    }),
  };
}
