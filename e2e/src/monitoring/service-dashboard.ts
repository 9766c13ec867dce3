import { by, type Dashboard, type Panel, type Query, type Row, rateBy } from './dashboard.ts';

type Service = { name: string; title: string; own: Row[] };

const one = (expr: string): Query[] => [{ expr }];

/** What every process shows of itself. */
export const process = (service: string): Row => {
  const of = (labels = '') => `{service="${service}"${labels}}`;
  return {
    title: 'Process',
    panels: [
      { title: 'Memory', unit: 'bytes', queries: one(`process_resident_memory_bytes${of()}`) },
      {
        title: 'Processor',
        unit: 'percentunit',
        queries: one(`rate(process_cpu_seconds_total${of()}[$__rate_interval])`),
      },
      { title: 'Event loop lag (99 %)', unit: 's', queries: one(`nodejs_eventloop_lag_p99_seconds${of()}`) },
      { title: 'Parts in order', queries: [by('part', `min by (part) (aetherius_part_ready${of()})`)] },
      { title: 'Running since', unit: 'dateTimeFromNow', queries: one(`process_start_time_seconds${of()} * 1000`) },
      {
        title: 'File handles',
        queries: [{ expr: `process_open_fds${of()}`, legend: 'open' }],
      },
    ],
  };
};

const http = (service: string): Panel[] => [
  {
    title: 'Requests by status',
    unit: 'reqps',
    queries: [rateBy('status', `http_requests_total{service="${service}"}`)],
  },
  {
    title: 'Answer time by route (95 %)',
    unit: 's',
    width: 16,
    queries: [
      by(
        'route',
        `histogram_quantile(0.95, sum by (route, le) (rate(http_request_duration_seconds_bucket{service="${service}"}[$__rate_interval])))`,
      ),
    ],
  },
];

const supply = (service: string): Panel[] => [
  {
    title: 'Messages by consumer',
    unit: 'ops',
    queries: [rateBy('consumer', `aetherius_bus_messages_total{service="${service}"}`)],
  },
  {
    title: 'Outbox: age of the oldest message',
    unit: 's',
    queries: one(`max(aetherius_outbox_oldest_seconds{service="${service}"})`),
  },
  {
    title: 'Database connections',
    queries: [by('state', `sum by (state) (aetherius_database_connections{service="${service}"})`)],
  },
];

/** The page of one service of the control plane: its own work first, then what all have. */
export const serviceDashboard = ({ name, title, own }: Service): Dashboard => ({
  name,
  title,
  rows: [
    ...own,
    { title: 'HTTP', panels: http(name) },
    { title: 'Bus and database', panels: supply(name) },
    process(name),
  ],
});
