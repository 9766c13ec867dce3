import { by, type Dashboard, quantiles, rateBy } from '../dashboard.ts';

const ended = (selector: string) => `sum(increase(aetherius_orchestrator_runs_ended_total${selector}[$__range]))`;

/** Runs, what they came to, and what they wait for. */
export const workflows: Dashboard = {
  name: 'workflows',
  title: 'Aetherius: workflows and remediation',
  rows: [
    {
      title: 'Repairs',
      panels: [
        { title: 'Proven', kind: 'stat', width: 4, queries: [{ expr: ended('{outcome="verified"}') }] },
        { title: 'Contained', kind: 'stat', width: 4, queries: [{ expr: ended('{outcome="contained"}') }] },
        { title: 'Undone', kind: 'stat', width: 4, queries: [{ expr: ended('{outcome="rolled_back"}') }] },
        { title: 'For a person', kind: 'stat', width: 4, queries: [{ expr: ended('{outcome="not_repaired"}') }] },
        {
          title: 'Diagnosed runs with an action',
          kind: 'stat',
          unit: 'percentunit',
          width: 4,
          queries: [{ expr: 'max(recommendation_adoption_ratio)' }],
        },
        {
          title: 'Kill switch',
          kind: 'stat',
          width: 4,
          queries: [{ expr: 'max(aetherius_orchestrator_kill_switch_on)' }],
        },
      ],
    },
    {
      title: 'Runs',
      panels: [
        {
          title: 'Ends by outcome',
          unit: 'ops',
          queries: [rateBy('outcome', 'aetherius_orchestrator_runs_ended_total')],
        },
        {
          title: 'Why nothing was done',
          unit: 'ops',
          queries: [rateBy('reason', 'aegis_alert_ops_not_trigger_reason')],
        },
        { title: 'Ends by status', unit: 'ops', queries: [rateBy('status', 'workflow_executions_total')] },
        {
          title: 'Time to a proven repair',
          unit: 's',
          queries: quantiles('aetherius_orchestrator_run_seconds', '{outcome="verified"}'),
        },
        {
          title: 'Open runs',
          queries: [
            { expr: 'max(workflow_executions_active)', legend: 'active' },
            { expr: 'max(aetherius_orchestrator_runs_queued)', legend: 'wait for their target' },
            { expr: 'max(aetherius_orchestrator_runs_paused)', legend: 'paused' },
          ],
        },
        {
          title: 'From incident to run',
          unit: 's',
          queries: quantiles('aetherius_orchestrator_trigger_delay_seconds'),
        },
        { title: 'Most overdue run', unit: 's', queries: [{ expr: 'max(aetherius_orchestrator_runs_due_seconds)' }] },
        {
          title: 'Runs that stuck or changed hands',
          queries: [
            { expr: 'sum(increase(aetherius_orchestrator_runs_stuck_total[1h]))', legend: 'stuck' },
            { expr: 'sum(increase(aetherius_orchestrator_runs_taken_over_total[1h]))', legend: 'taken over' },
          ],
        },
        {
          title: 'Commands by answer',
          unit: 'ops',
          queries: [rateBy('status', 'aetherius_orchestrator_command_answers_total')],
        },
        {
          title: 'Commands of people by what came of them',
          unit: 'ops',
          queries: [rateBy('status', 'aetherius_manager_command_answers_total')],
        },
        {
          title: 'Incidents that nobody has taken up',
          queries: [{ expr: 'max(aetherius_manager_incidents_unattended)', legend: 'now' }],
        },
      ],
    },
    {
      title: 'People',
      panels: [
        { title: 'Approvals that wait', queries: [{ expr: 'max(aetherius_orchestrator_approvals_pending)' }] },
        {
          title: 'Oldest approval',
          unit: 's',
          queries: [{ expr: 'max(aetherius_orchestrator_approvals_oldest_seconds)' }],
        },
        {
          title: 'Messages to people',
          queries: [
            { expr: 'max(aetherius_orchestrator_notifications_pending)', legend: 'wait' },
            { expr: 'max(aetherius_orchestrator_notifications_failed)', legend: 'given up in a day' },
          ],
        },
        { title: 'Open incidents', queries: [by('severity', 'max by (severity) (aetherius_manager_incidents_open)')] },
        { title: 'Wait for a person', queries: [{ expr: 'max(aetherius_manager_incidents_escalated)' }] },
        { title: 'Limits foretold', queries: [{ expr: 'max(aetherius_manager_incidents_foreseen)' }] },
        { title: 'Commands of people under way', queries: [{ expr: 'max(aetherius_manager_commands_waiting)' }] },
      ],
    },
  ],
};
