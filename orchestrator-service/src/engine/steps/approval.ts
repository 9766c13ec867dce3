import { seconds } from '@aetherius/shared/contracts';
import { fill } from './message.ts';
import type { Event } from './step-kind.ts';
import { done, failed, type StepChange, type StepKind } from './step-kind.ts';

/** Asks a person whether to go on. */
export const approvalStep: StepKind<'approval'> = {
  begin: (leaf, scope) => {
    const expires_in = seconds(leaf.expires_in);
    const expires_at = new Date(Date.parse(scope.facts.now) + expires_in * 1000).toISOString();
    const request = {
      path: scope.path,
      message: fill(leaf.message, scope),
      requester: scope.run.requester,
      action: null,
      target: null,
      parameters: null,
      before: null,
      after: null,
      plan_hash: null,
      expires_at,
    };
    return { status: 'started', deadline_in: expires_in, effects: [{ kind: 'approval', request }] };
  },
  settle: (_leaf, { event }) => verdict(event, {}),
};

/** What the verdict, or its absence, makes of a step that waits for one. */
export function verdict(event: Event, bound: { plan_hash?: string; expires_at?: string }): StepChange {
  if (event.kind !== 'verdict') return failed('approval_expired');
  const { approved, by, comment } = event;
  return approved ? done({ by, comment, ...bound }) : failed('approval_rejected', { by, comment });
}
