import type { JsonObject } from '@aetherius/shared/contracts';
import type { Effect } from '../effect.ts';
import type { Answer, Entry } from '../journal.ts';
import type { LeafKind, LeafOf } from '../node.ts';
import type { Scope } from '../scope.ts';

/** Why an open step is looked at again. */
export type Event = Answer | { kind: 'deadline' } | { kind: 'woken' };

/** What a step makes of its beginning or of an event; `started` keeps it open. Times are seconds from now. */
export type StepChange =
  | { status: 'done'; output: JsonObject; effects?: Effect[] }
  | { status: 'failed'; reason: string; output?: JsonObject; effects?: Effect[] }
  | {
      status: 'started';
      input?: JsonObject;
      output?: JsonObject;
      correlation_id?: string;
      deadline_in?: number;
      wake_in?: number;
      attempt?: number;
      effects?: Effect[];
    };

/** One kind of step: pure, it decides and names effects; the runner commits them. */
export type StepKind<K extends LeafKind> = {
  begin(leaf: LeafOf<K>, scope: Scope): StepChange;
  settle(leaf: LeafOf<K>, at: { entry: Entry; event: Event; scope: Scope }): StepChange;
};

export const done = (output: JsonObject = {}, effects: Effect[] = []): StepChange => ({
  status: 'done',
  output,
  effects,
});

export const failed = (reason: string, output: JsonObject = {}, effects: Effect[] = []): StepChange => ({
  status: 'failed',
  reason,
  output,
  effects,
});

/** For kinds that are over as soon as they begin. */
export const atOnce = <K extends LeafKind>(begin: StepKind<K>['begin']): StepKind<K> => ({
  begin,
  settle: () => failed('not_waiting'),
});
