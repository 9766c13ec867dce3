import type { CommandResult } from '@aetherius/shared/contracts';

/** What carrying out a command came to; the rest of a result is about when and for whom. */
export type Outcome = Pick<CommandResult, 'status' | 'reason' | 'output' | 'changed'>;

const outcome =
  (status: Outcome['status']) =>
  (reason: string, output: Outcome['output'] = null): Outcome => ({ status, reason, output, changed: null });

export const refused = outcome('refused');
export const failed = outcome('failed');
export const unknown = outcome('unknown');

/** Carried out. */
export const done = (output: Outcome['output'], changed: Outcome['changed'] = null): Outcome => ({
  status: 'done',
  reason: null,
  output,
  changed,
});
