import { Action, type CommandResult, MetricsBatch } from '@aetherius/shared/contracts';
import { Counter, exposeFigures, type Registry } from '@aetherius/shared/metrics';
import type { AgentDuties } from './duties.ts';

type Needs = {
  metrics: Registry;
  leading: () => boolean;
  killSwitchOn: () => boolean;
  changesAllowed: boolean;
  duties: Pick<AgentDuties, 'running'>;
};

const names = {
  leading: ['aetherius_agent_leading', 'Whether this replica leads; the others wait'],
  kill_switch: ['aetherius_agent_kill_switch_on', 'Whether changes to this cluster are stopped'],
  changes: ['aetherius_agent_changes_allowed', 'Whether this agent was installed with the right to change anything'],
  running: ['aetherius_agent_commands_running', 'Commands under way'],
} as const;
const statuses: readonly CommandResult['status'][] = ['done', 'failed', 'refused', 'unknown'];

/** How this agent stands, read at the moment of a scrape. */
export const exposeAgent = ({ metrics, leading, killSwitchOn, changesAllowed, duties }: Needs): void =>
  exposeFigures({
    metrics,
    names,
    read: async () => ({
      leading: Number(leading()),
      kill_switch: Number(killSwitchOn()),
      changes: Number(changesAllowed),
      running: duties.running(),
    }),
  });

/** Counts commands by what came of them. */
export function countCommands(metrics: Registry): (action: Action, status: CommandResult['status']) => void {
  const total = new Counter({
    name: 'aetherius_agent_commands_total',
    help: 'Commands carried out, by action and by what came of them',
    labelNames: ['action', 'status'],
    registers: [metrics],
  });
  for (const action of Action.options) for (const status of statuses) total.inc({ action, status }, 0);
  return (action, status) => total.inc({ action, status });
}

/** Counts samplings of metrics that failed, by source. */
export function countSamplingErrors(metrics: Registry): (source: MetricsBatch['source']) => void {
  const total = new Counter({
    name: 'metrics_collection_errors_total',
    help: 'Samplings of metrics that failed, by source',
    labelNames: ['source'],
    registers: [metrics],
  });
  for (const source of MetricsBatch.shape.source.options) total.inc({ source }, 0);
  return (source) => total.inc({ source });
}
