import { ObjectRef, parametersOf, Subject, seconds } from '@aetherius/shared/contracts';
import { evaluate } from '../expression.ts';
import { variablesOf } from '../scope.ts';
import { again, endingOf, readId, send } from './command-order.ts';
import { done, failed, type StepKind } from './step-kind.ts';
import { refOf } from './target.ts';

const DEFAULT_TAKES_S = 15;

/** A read-only command of a definition: its output is for the steps after it. */
export const commandStep: StepKind<'command'> = {
  begin: (leaf, scope) => {
    const target = evaluate(leaf.target, variablesOf(scope));
    if (!target.ok) return failed('expression_failed', { problem: target.problem });
    const subject = Subject.safeParse(target.value);
    if (!subject.success) return failed('not_a_target', { expression: leaf.target });
    const ref = ObjectRef.safeParse(target.value).data ?? refOf(subject.data);
    if (ref === undefined) return failed('unknown_kind', { kind: subject.data.kind });
    const parameters = parametersOf[leaf.action].safeParse(leaf.parameters);
    if (!parameters.success) return failed('invalid_parameters', { problem: parameters.error.message });
    const window = leaf.action === 'observe' ? seconds(String(leaf.parameters['window'])) : 0;
    const takes = leaf.timeout === undefined ? DEFAULT_TAKES_S + window : seconds(leaf.timeout);
    return send({ action: leaf.action, target: ref, parameters: leaf.parameters, takes }, readId(scope, 1), scope);
  },
  settle: (leaf, { entry, event, scope }) => {
    const ending = endingOf(event);
    if (ending.status === 'done') return done(ending.output);
    if (entry.attempt <= leaf.retries && ending.status !== 'refused') return again(entry, scope);
    return failed(ending.status === 'unknown' ? ending.reason : ending.status, { reason: ending.reason });
  },
};
