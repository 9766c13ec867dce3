import type { CommandResult, InternalEvent } from '@aetherius/shared/contracts';
import { Counter, Histogram, type Registry } from '@aetherius/shared/metrics';
import type { Clock } from '@aetherius/shared/service';
import { createRepairMetrics, type Ended } from './repair-metrics.ts';
import type { RunRow } from './run.ts';

const outcomes = ['verified', 'contained', 'rolled_back', 'not_repaired', 'cancelled', 'failed', 'done'] as const;
const statuses = ['done', 'failed', 'cancelled'] as const;
const answers = ['done', 'failed', 'refused', 'unknown', 'offline'] as const;

/** What a runner tells of its work. */
export type RunFigures = {
  ended: (run: RunRow, end: Ended) => void;
  /** A run that could not be advanced: a bug, or a lost connection. */
  stuck: () => void;
  takenOver: (runs: number) => void;
};
export type CommandAnswer = CommandResult['status'] | 'offline';

/** Counts and times of runs, of what they were started by and of the commands that they sent. */
export function createRunMetrics(metrics: Registry, clock: Clock) {
  const registers = [metrics];
  const since = (at: string) => Math.max(0, clock.now().getTime() - Date.parse(at)) / 1000;
  const ended = new Counter({
    name: 'aetherius_orchestrator_runs_ended_total',
    help: 'Runs that ended, by what they came to',
    labelNames: ['outcome'],
    registers,
  });
  const executions = new Counter({
    name: 'workflow_executions_total',
    help: 'Runs that ended, by status',
    labelNames: ['status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'aetherius_orchestrator_run_seconds',
    help: 'Time from the start of a run to its end, by what it came to',
    labelNames: ['outcome'],
    buckets: [5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14_400],
    registers,
  });
  const delay = new Histogram({
    name: 'aetherius_orchestrator_trigger_delay_seconds',
    help: 'Time from a change of an incident to its run',
    buckets: [0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300],
    registers,
  });
  const commands = new Counter({
    name: 'aetherius_orchestrator_command_answers_total',
    help: 'Commands by what agents said of them at the end',
    labelNames: ['status'],
    registers,
  });
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const stuck = counter('aetherius_orchestrator_runs_stuck_total', 'Times that a run could not be advanced');
  const takenOver = counter('aetherius_orchestrator_runs_taken_over_total', 'Runs taken over from a dead runner');
  for (const outcome of outcomes) ended.inc({ outcome }, 0);
  for (const status of statuses) executions.inc({ status }, 0);
  for (const status of answers) commands.inc({ status }, 0);
  const repairs = createRepairMetrics(metrics);
  const figures: RunFigures = {
    ended: (run, end) => {
      const { status, outcome } = end;
      repairs.ended(run, end, since(run.created_at));
      ended.inc({ outcome: outcome ?? status });
      executions.inc({ status });
      seconds.observe({ outcome: outcome ?? status }, since(run.created_at));
    },
    stuck: () => stuck.inc(),
    takenOver: (runs) => takenOver.inc(runs),
  };
  return {
    figures,
    unanswered: repairs.unanswered,
    taken: ({ at }: InternalEvent) => delay.observe(since(at)),
    answered: (status: CommandAnswer) => commands.inc({ status }),
  };
}
