import { by, type Dashboard, quantiles, rateBy } from '../dashboard.ts';

const perConsumer = (histogram: string) => ({
  expr: `histogram_quantile(0.95, sum by (service, consumer, le) (rate(${histogram}_bucket[$__rate_interval])))`,
  legend: '{{service}}: {{consumer}}',
});

/** The way of an event from the agent to the store and on: rates, delays, backlogs, losses. */
export const pipeline: Dashboard = {
  name: 'pipeline',
  title: 'Aetherius: pipeline health',
  rows: [
    {
      title: 'Objectives (99 % within 5 s)',
      panels: [
        {
          title: 'Events that are stored late',
          unit: 'percentunit',
          queries: [{ expr: 'aetherius:events_late:ratio_rate1h', legend: 'hour' }],
        },
        {
          title: 'Runs that start late',
          unit: 'percentunit',
          queries: [{ expr: 'aetherius:triggers_late:ratio_rate1h', legend: 'hour' }],
        },
        {
          title: 'Requests that fail (0.1 %)',
          unit: 'percentunit',
          queries: [by('service', 'aetherius:api_errors:ratio_rate1h')],
        },
      ],
    },
    {
      title: 'Events',
      panels: [
        {
          title: 'Events',
          unit: 'ops',
          queries: [
            { expr: 'sum(rate(events_received_total[$__rate_interval]))', legend: 'received' },
            { expr: 'sum(rate(events_processed_total[$__rate_interval]))', legend: 'new' },
            { expr: 'sum(rate(events_dropped_total[$__rate_interval]))', legend: 'dropped' },
          ],
        },
        { title: 'From report to store', unit: 's', queries: quantiles('event_processing_duration_seconds') },
        { title: 'Storing a batch', unit: 's', queries: quantiles('aetherius_manager_ingest_batch_seconds') },
        {
          title: 'Events seen before',
          unit: 'percentunit',
          queries: [{ expr: 'max(aetherius_manager_event_dedup_ratio)', legend: 'since the start' }],
        },
        {
          title: 'Alerts of others',
          unit: 'ops',
          queries: [
            { expr: 'sum(rate(aegis_alert_api_parse_success_total[$__rate_interval]))', legend: 'messages understood' },
            { expr: 'sum(rate(aegis_alert_api_parse_failure_total[$__rate_interval]))', legend: 'messages refused' },
            { expr: 'sum(rate(aegis_alert_create_success_total[$__rate_interval]))', legend: 'alerts stored' },
            { expr: 'sum(rate(aegis_alert_create_failure_total[$__rate_interval]))', legend: 'alerts not stored' },
          ],
        },
      ],
    },
    {
      title: 'Streams',
      panels: [
        {
          title: 'Backlog',
          queries: [
            {
              expr: 'max by (service, consumer) (aetherius_bus_pending_messages)',
              legend: '{{service}}: {{consumer}}',
            },
          ],
        },
        {
          title: 'How full streams are',
          unit: 'percentunit',
          queries: [by('stream', 'max by (stream) (aetherius_bus_stream_bytes / aetherius_bus_stream_limit_bytes)')],
        },
        { title: 'Wait of a message (95 %)', unit: 's', queries: [perConsumer('aetherius_bus_message_age_seconds')] },
        { title: 'Time to handle (95 %)', unit: 's', queries: [perConsumer('aetherius_bus_handling_seconds')] },
        {
          title: 'Failed and dead messages',
          unit: 'ops',
          queries: [
            {
              expr: 'sum by (consumer, outcome) (rate(aetherius_bus_messages_total{outcome!="handled"}[$__rate_interval]))',
              legend: '{{consumer}}: {{outcome}}',
            },
          ],
        },
        { title: 'Messages handled', unit: 'ops', queries: [rateBy('service', 'aetherius_bus_messages_total')] },
        {
          title: 'Connections lost',
          queries: [by('service', 'sum by (service) (increase(aetherius_bus_disconnects_total[1h]))')],
        },
      ],
    },
    {
      title: 'Outboxes and databases',
      panels: [
        {
          title: 'Age of the oldest message',
          unit: 's',
          queries: [by('service', 'max by (service) (aetherius_outbox_oldest_seconds)')],
        },
        { title: 'Messages that wait', queries: [by('service', 'max by (service) (aetherius_outbox_messages)')] },
        { title: 'Departures', unit: 'ops', queries: [rateBy('outcome', 'aetherius_outbox_departures_total')] },
        {
          title: 'Callers without a connection',
          queries: [by('service', 'sum by (service) (aetherius_database_connections{state="waiting"})')],
        },
        {
          title: 'Connections in use',
          unit: 'percentunit',
          queries: [
            by(
              'service',
              'sum by (service) (aetherius_database_connections{state="busy"}) / sum by (service) (aetherius_database_connections_limit)',
            ),
          ],
        },
        {
          title: 'Connections of the whole server',
          unit: 'percentunit',
          queries: [
            by(
              'service',
              'max by (service) (aetherius_database_server_connections / aetherius_database_server_connections_limit)',
            ),
          ],
        },
        {
          title: 'Memory of Redis',
          unit: 'bytes',
          queries: [
            { expr: 'max(aetherius_redis_memory_bytes)', legend: 'taken' },
            { expr: 'max(aetherius_redis_memory_limit_bytes)', legend: 'limit' },
          ],
        },
        { title: 'Messages that wait on agents', queries: [{ expr: 'max(aetherius_manager_agent_spooled_messages)' }] },
        {
          title: 'Oldest message that waits on an agent',
          unit: 's',
          queries: [{ expr: 'max(aetherius_manager_agent_spool_oldest_seconds)' }],
        },
      ],
    },
  ],
};
