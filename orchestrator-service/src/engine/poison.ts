import type { Changes } from './advance.ts';
import type { RunRow } from './run.ts';

const MAX_CRASHES = 5;

/**
 * The end of a run that keeps killing its runner, or undefined for any other. It is made of the run's row alone: what
 * kills the runner may be the very journal or facts that an advance has to load.
 */
export function poisoned(run: RunRow): Changes | undefined {
  if (run.crashes <= MAX_CRASHES) return undefined;
  const { diagnosis, action } = run;
  return {
    entries: [],
    effects: [],
    status: 'failed',
    wake_at: null,
    progress: { phase: 'escalated', diagnosis, action, outcome: 'failed', note: 'poison' },
  };
}
