import { by, type Dashboard, quantiles, rateBy } from '../dashboard.ts';

const stat = (title: string, expr: string, unit = 'short') => ({
  title,
  unit,
  kind: 'stat' as const,
  width: 4,
  queries: [{ expr }],
});

/** What somebody looks at first: is anything broken, and is anybody looking after it. */
export const fleet: Dashboard = {
  name: 'fleet',
  title: 'Aetherius: fleet overview',
  rows: [
    {
      title: 'Now',
      panels: [
        stat('Clusters', 'max(aetherius_manager_clusters)'),
        stat('Agents online', 'max(aetherius_manager_agents{status="online"})'),
        stat('Open incidents', 'sum(max by (severity) (aetherius_manager_incidents_open))'),
        stat('Wait for a person', 'max(aetherius_manager_incidents_escalated)'),
        stat('Active workflows', 'max(workflow_executions_active)'),
        stat('Kill switch', 'max(aetherius_orchestrator_kill_switch_on)'),
      ],
    },
    {
      title: 'Services',
      panels: [
        { title: 'Processes', queries: [by('service', 'count by (service) (process_start_time_seconds)')] },
        {
          title: 'Parts that are not in order',
          width: 16,
          queries: [{ expr: 'count by (service, part) (aetherius_part_ready == 0)', legend: '{{service}}: {{part}}' }],
        },
        {
          title: 'Age of the last backup',
          unit: 's',
          queries: [{ expr: 'max(aetherius_manager_backup_age_seconds)', legend: 'succeeded' }],
        },
        {
          title: 'Certificates run out in',
          unit: 's',
          queries: [by('endpoint', 'max by (endpoint) (aetherius_certificate_expiry_timestamp_seconds) - time()')],
        },
        { title: 'Request rate', unit: 'reqps', queries: [rateBy('service', 'http_requests_total')] },
        {
          title: 'Error rate',
          unit: 'percentunit',
          queries: [
            by(
              'service',
              'sum by (service) (rate(http_requests_total{status=~"5.."}[$__rate_interval])) / sum by (service) (rate(http_requests_total[$__rate_interval]))',
            ),
          ],
        },
        { title: 'Answer time', unit: 's', queries: quantiles('http_request_duration_seconds') },
        {
          title: 'Memory',
          unit: 'bytes',
          queries: [by('service', 'sum by (service) (process_resident_memory_bytes)')],
        },
        {
          title: 'Processor',
          unit: 'percentunit',
          queries: [rateBy('service', 'process_cpu_seconds_total')],
        },
        {
          title: 'Event loop lag (99 %)',
          unit: 's',
          queries: [by('service', 'max by (service) (nodejs_eventloop_lag_p99_seconds)')],
        },
      ],
    },
    {
      title: 'Clusters',
      panels: [
        { title: 'Agents', queries: [by('status', 'max by (status) (aetherius_manager_agents)')] },
        { title: 'Open incidents', queries: [by('severity', 'max by (severity) (aetherius_manager_incidents_open)')] },
        { title: 'Registrations', queries: [{ expr: 'increase(agent_registered_total[1h])', legend: 'in an hour' }] },
        { title: 'Events of the last hour', queries: [{ expr: 'sum(increase(events_received_total[1h]))' }] },
        {
          title: 'Longest silence of an agent',
          unit: 's',
          queries: [{ expr: 'max(aetherius_manager_agent_silence_seconds)' }],
        },
        { title: 'Problems that agents tell', queries: [{ expr: 'max(aetherius_manager_agent_problems)' }] },
        {
          title: 'Agents by version',
          queries: [by('version', 'max by (version) (aetherius_manager_agent_versions)')],
        },
        {
          title: 'Agents by last sign of life',
          queries: [by('within', 'max by (within) (aetherius_manager_agents_last_seen)')],
        },
        { title: 'Open incidents by category', queries: [by('type', 'sum by (type) (aegis_alert_info)')] },
      ],
    },
  ],
};
