import type { FieldChange } from '../field-change.ts';
import { valueAt } from '../replace-at.ts';

const STARTING = ['spec', 'startingDeadlineSeconds'] as const;
const RUNNING = ['spec', 'jobTemplate', 'spec', 'activeDeadlineSeconds'] as const;

/** How late a run may still begin; null for no bound. */
export const setStartingDeadline: FieldChange<'set_starting_deadline'> = (body, { seconds }) => ({
  path: STARTING,
  next: seconds ?? undefined,
  undo: { action: 'set_starting_deadline', parameters: { seconds: valueAt(body, STARTING) ?? null } },
});

/** How long each run that begins from now on may take; null for no bound. */
export const setJobDeadline: FieldChange<'set_job_deadline'> = (body, { seconds }) => ({
  path: RUNNING,
  next: seconds ?? undefined,
  undo: { action: 'set_job_deadline', parameters: { seconds: valueAt(body, RUNNING) ?? null } },
});
