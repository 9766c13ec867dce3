import { by, type Dashboard, rateBy } from '../dashboard.ts';
import { process } from '../service-dashboard.ts';

const service = 'collect-agent';

/** The page of the agent, for the Prometheus of its own cluster. */
export const agent: Dashboard = {
  name: service,
  title: 'Aetherius: collect-agent',
  rows: [
    {
      title: 'Watching',
      panels: [
        { title: 'Leads', queries: [{ expr: 'max(aetherius_agent_leading)' }] },
        {
          title: 'Silence of watches',
          unit: 's',
          queries: [by('watch', 'max by (watch) (aetherius_agent_watch_silence_seconds)')],
        },
        { title: 'Objects held', queries: [by('watch', 'max by (watch) (aetherius_agent_watch_objects)')] },
        {
          title: 'Watches that started over in an hour',
          queries: [
            {
              expr: 'sum by (watch, cause) (increase(aetherius_agent_watch_restarts_total[1h]))',
              legend: '{{watch}}: {{cause}}',
            },
          ],
        },
        { title: 'Nodes', queries: [by('condition', 'max by (condition) (aegis_node_health_status)')] },
        {
          title: 'Room on the fullest node',
          unit: 'percentunit',
          queries: [
            { expr: 'min(aetherius_agent_node_memory_available_ratio)', legend: 'memory' },
            { expr: 'min(aetherius_agent_node_disk_available_ratio)', legend: 'disk' },
          ],
        },
        { title: 'Samplings that failed', queries: [rateBy('source', 'metrics_collection_errors_total')] },
        { title: 'Kill switch', queries: [{ expr: 'max(aetherius_agent_kill_switch_on)' }] },
      ],
    },
    {
      title: 'Uplink and commands',
      panels: [
        { title: 'Bus reached', queries: [{ expr: `min(aetherius_bus_connected{service="${service}"})` }] },
        { title: 'Messages that wait', queries: [by('kind', 'sum by (kind) (aetherius_agent_spooled_messages)')] },
        {
          title: 'Oldest message that waits',
          unit: 's',
          queries: [{ expr: 'max(aetherius_agent_spool_oldest_seconds)' }],
        },
        { title: 'Spool', unit: 'bytes', queries: [{ expr: 'sum(aetherius_agent_spool_bytes)' }] },
        {
          title: 'Messages sent',
          unit: 'ops',
          queries: [rateBy('outcome', `aetherius_bus_published_total{service="${service}"}`)],
        },
        { title: 'Commands by action', queries: [rateBy('action', 'aetherius_agent_commands_total')] },
        { title: 'Commands by what came of them', queries: [rateBy('status', 'aetherius_agent_commands_total')] },
        { title: 'Commands under way', queries: [{ expr: 'sum(aetherius_agent_commands_running)' }] },
        { title: 'Events lost', queries: [{ expr: 'sum(increase(aetherius_agent_events_lost_total[1h]))' }] },
        { title: 'May change the cluster', queries: [{ expr: 'max(aetherius_agent_changes_allowed)' }] },
      ],
    },
    process(service),
  ],
};
