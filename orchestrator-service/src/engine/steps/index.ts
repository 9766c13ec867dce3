import type { Entry } from '../journal.ts';
import type { Leaf, LeafKind } from '../node.ts';
import type { Scope } from '../scope.ts';
import { analysisStep } from './ai-analysis.ts';
import { approvalStep } from './approval.ts';
import { commandStep } from './command.ts';
import { conditionStep, decisionStep, itemsStep } from './decision.ts';
import { fetchStep } from './fetch.ts';
import { escalateStep, notificationStep } from './notification.ts';
import { dryRunStep, getStep, markStep, proofStep } from './remediation-read.ts';
import { actStep, grantStep, guardStep, observeStep, provenStep } from './remediation-write.ts';
import type { Event, StepChange, StepKind } from './step-kind.ts';
import { waitStep } from './wait.ts';

/** Every kind of step that can stand in a journal. */
const kinds: { [K in LeafKind]: StepKind<K> } = {
  command: commandStep,
  ai_analysis: analysisStep,
  fetch: fetchStep,
  decision: decisionStep,
  notification: notificationStep,
  wait: waitStep,
  approval: approvalStep,
  escalate: escalateStep,
  condition: conditionStep,
  items: itemsStep,
  get: getStep,
  dry_run: dryRunStep,
  guard: guardStep,
  grant: grantStep,
  act: actStep,
  mark: markStep,
  observe: observeStep,
  proof: proofStep,
  proven: provenStep,
};

const kindOf = (leaf: Leaf): StepKind<LeafKind> => kinds[leaf.kind] as unknown as StepKind<LeafKind>;

/** The first thing that a step does. */
export const begin = (leaf: Leaf, scope: Scope): StepChange => kindOf(leaf).begin(leaf as never, scope);

/** What a step makes of an event. */
export const settle = (leaf: Leaf, at: { entry: Entry; event: Event; scope: Scope }): StepChange =>
  kindOf(leaf).settle(leaf as never, at);
