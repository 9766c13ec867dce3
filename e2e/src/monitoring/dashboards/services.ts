import { by, quantiles, rateBy } from '../dashboard.ts';
import { serviceDashboard } from '../service-dashboard.ts';

/** The page of the agent-manager. */
export const manager = serviceDashboard({
  name: 'agent-manager',
  title: 'Aetherius: agent-manager',
  own: [
    {
      title: 'Events and agents',
      panels: [
        { title: 'Events', unit: 'ops', queries: [rateBy('kind', 'aetherius_manager_events_total')] },
        { title: 'From report to store', unit: 's', queries: quantiles('event_processing_duration_seconds') },
        { title: 'Agents', queries: [by('status', 'max by (status) (aetherius_manager_agents)')] },
        {
          title: 'Introductions of agents',
          unit: 'ops',
          queries: [
            { expr: 'sum(rate(agent_registration_attempts_total[$__rate_interval]))', legend: 'heard' },
            { expr: 'sum(rate(agent_registration_failures_total[$__rate_interval]))', legend: 'refused' },
          ],
        },
        { title: 'Too weak to be incidents', queries: [{ expr: 'max(aetherius_manager_signals_faint)' }] },
        {
          title: 'Oldest incident that nobody has taken up',
          unit: 's',
          queries: [{ expr: 'max(aetherius_manager_incidents_unattended_oldest_seconds)' }],
        },
      ],
    },
  ],
});

/** The page of the orchestrator. */
export const orchestrator = serviceDashboard({
  name: 'orchestrator-service',
  title: 'Aetherius: orchestrator-service',
  own: [
    {
      title: 'Runs',
      panels: [
        {
          title: 'Open runs',
          queries: [
            { expr: 'max(aetherius_orchestrator_runs_open)', legend: 'open' },
            { expr: 'max(workflow_executions_active)', legend: 'active' },
          ],
        },
        {
          title: 'Age of the oldest run',
          unit: 's',
          queries: [{ expr: 'max(aetherius_orchestrator_run_oldest_seconds)' }],
        },
        {
          title: 'Ends by outcome',
          unit: 'ops',
          queries: [rateBy('outcome', 'aetherius_orchestrator_runs_ended_total')],
        },
      ],
    },
  ],
});

/** The page of the reasoning service. */
export const reasoning = serviceDashboard({
  name: 'reasoning-service',
  title: 'Aetherius: reasoning-service',
  own: [
    {
      title: 'Answers',
      panels: [
        { title: 'Answers', unit: 'ops', queries: [rateBy('status', 'aetherius_reasoning_answers_total')] },
        { title: 'Time of a diagnosis', unit: 's', queries: quantiles('aetherius_reasoning_diagnosis_seconds') },
        { title: 'Detectors', queries: [{ expr: 'max(aetherius_reasoning_detectors)' }] },
      ],
    },
  ],
});
