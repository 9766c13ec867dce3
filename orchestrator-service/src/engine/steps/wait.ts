import { seconds } from '@aetherius/shared/contracts';
import { done, type StepKind } from './step-kind.ts';

/** A pause that costs a row. */
export const waitStep: StepKind<'wait'> = {
  begin: (leaf) => ({ status: 'started', deadline_in: seconds(leaf.duration) }),
  settle: () => done(),
};
