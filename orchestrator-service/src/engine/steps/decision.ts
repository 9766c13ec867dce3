import { evaluate } from '../expression.ts';
import { type Scope, variablesOf } from '../scope.ts';
import { atOnce, done, failed, type StepChange } from './step-kind.ts';

/** Index of the first case that is true, -1 when none is; anything but a boolean fails the step. */
function firstTrue(cases: readonly string[], scope: Scope): number | StepChange {
  const variables = variablesOf(scope);
  for (const [index, expression] of cases.entries()) {
    const answer = evaluate(expression, variables);
    if (!answer.ok) return failed('expression_failed', { problem: answer.problem });
    if (typeof answer.value !== 'boolean')
      return failed('expression_failed', { problem: `${expression}: not a boolean` });
    if (answer.value) return index;
  }
  return -1;
}

/** A named answer that later steps can branch on. */
export const decisionStep = atOnce<'decision'>((leaf, scope) => {
  const cases = leaf.cases.map((one) => one.when);
  const index = firstTrue(cases, scope);
  if (typeof index !== 'number') return index;
  return done({ answer: leaf.cases[index]?.answer ?? leaf.otherwise });
});

/** The `when`s of a choice or the `until` of a loop. */
export const conditionStep = atOnce<'condition'>((leaf, scope) => {
  const index = firstTrue(leaf.cases, scope);
  return typeof index === 'number' ? done({ chosen: index }) : index;
});

/** The elements of a `for_each`, fixed once. */
export const itemsStep = atOnce<'items'>((leaf, scope) => {
  const answer = evaluate(leaf.expression, variablesOf(scope));
  if (!answer.ok) return failed('expression_failed', { problem: answer.problem });
  if (!Array.isArray(answer.value)) return failed('expression_failed', { problem: `${leaf.expression}: not a list` });
  if (answer.value.length > leaf.max) return failed('loop_limit', { items: answer.value.length, max: leaf.max });
  return done({ items: answer.value });
});
