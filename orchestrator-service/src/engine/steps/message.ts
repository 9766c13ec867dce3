import { evaluate } from '../expression.ts';
import { type Scope, variablesOf } from '../scope.ts';

/** A sentence put in before a full stop may end with one of its own. */
const DOUBLED_STOP = /(?<!\.)\.\.(?!\.)/g;

/** A sentence with its `{{ expression }}` parts filled in; a part without a value stays readable instead of failing the step. */
export const fill = (template: string, scope: Scope): string =>
  template
    .replace(/\{\{(.+?)\}\}/g, (_, expression: string) => filledIn(expression.trim(), scope))
    .replace(DOUBLED_STOP, '.');

function filledIn(expression: string, scope: Scope): string {
  const answer = evaluate(expression, variablesOf(scope));
  if (!answer.ok || answer.value === null) return '(unknown)';
  if (Array.isArray(answer.value)) return answer.value.map(String).join(', ') || 'nothing';
  return typeof answer.value === 'string' ? answer.value : JSON.stringify(answer.value);
}
