import { evaluate } from '../expression.ts';
import { type Scope, variablesOf } from '../scope.ts';

/** A sentence with its `{{ expression }}` parts filled in; a part without a value stays readable instead of failing the step. */
export const fill = (template: string, scope: Scope): string =>
  template.replace(/\{\{(.+?)\}\}/g, (_, expression: string) => {
    const answer = evaluate(expression.trim(), variablesOf(scope));
    if (!answer.ok || answer.value === null) return '(unknown)';
    return typeof answer.value === 'string' ? answer.value : JSON.stringify(answer.value);
  });
