import type { LeafStep, Step, WorkflowDefinition } from '@aetherius/shared/contracts';
import type { Node, Sequence } from '../engine/node.ts';
import { expandAnalysis } from './expand-analysis.ts';
import { expandRemediation } from './expand-remediation.ts';

/** Finds another definition by name. */
export type Find = (name: string) => WorkflowDefinition | undefined;

/** A checked definition as the engine walks it: `use` and `remediation` are put in place, nothing is looked up later. */
export const compile = (definition: WorkflowDefinition, find: Find): Sequence => ({
  kind: 'sequence',
  id: definition.name,
  steps: definition.steps.map((step) => compileStep(step, find)),
});

function compileStep(step: Step, find: Find): Node {
  const all = (steps: Step[]) => steps.map((one) => compileStep(one, find));
  switch (step.kind) {
    case 'sequence':
      return { ...step, steps: all(step.steps) };
    case 'parallel':
      return { ...step, branches: all(step.branches) };
    case 'loop': {
      const { until = null, for_each = null } = step;
      return { ...step, until, for_each, exhausted: 'loop_limit', body: compileStep(step.body, find) };
    }
    case 'choice':
      return {
        ...step,
        cases: step.cases.map((one) => ({ when: one.when, steps: all(one.steps) })),
        otherwise: all(step.otherwise),
      };
    case 'try':
      return { ...step, steps: all(step.steps), on_failure: all(step.on_failure), always: all(step.always) };
    default:
      return compileLeaf(step, find);
  }
}

function compileLeaf(step: LeafStep, find: Find): Node {
  if (step.kind === 'remediation') return expandRemediation(step);
  if (step.kind === 'ai_analysis') return expandAnalysis(step);
  if (step.kind !== 'use') return step;
  const used = find(step.workflow);
  if (used === undefined)
    throw new RangeError(`no workflow ${step.workflow}: definitions are checked before they are compiled`);
  return { ...compile(used, find), id: step.id };
}
