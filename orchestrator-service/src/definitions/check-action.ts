import { type LeafStep, parametersOf, seconds, writeActions } from '@aetherius/shared/contracts';
import type { z } from 'zod';
import { expressionIn } from '../engine/steps/remediation-read.ts';
import type { RemediationStep } from './expand-remediation.ts';
import type { Problem } from './problem.ts';

type CommandStep = Extract<LeafStep, { kind: 'command' }>;

/** The expressions of the parameters that are computed when the step begins, by name. */
export const computedIn = ({ parameters }: RemediationStep): Record<string, string> =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => {
      const source = expressionIn(value);
      return source === undefined ? [] : [[name, source]];
    }),
  );

/** Whether a remediation can be sent as it is written, and its success be seen. */
export const checkRemediation = (step: RemediationStep, path: PropertyKey[]): Problem[] => [
  ...unknownParameters(step, path),
  ...wrongLiterals(step, path),
  ...wrongProof(step, path),
  ...tooShort(step.verify, [...path, 'verify']),
];

/** Whether a read can be sent as it is written. */
export function checkCommand({ action, parameters }: CommandStep, path: PropertyKey[]): Problem[] {
  const at = [...path, 'parameters'];
  const parsed = parametersOf[action].safeParse(parameters);
  if (!parsed.success) return located(parsed.error.issues, at);
  return action === 'observe' ? tooShort(parametersOf.observe.parse(parameters), at) : [];
}

function unknownParameters({ action, parameters }: RemediationStep, path: PropertyKey[]): Problem[] {
  const allowed = Object.keys(parametersOf[action].shape);
  return Object.keys(parameters)
    .filter((name) => !allowed.includes(name))
    .map((name) => ({
      path: [...path, 'parameters', name],
      message: `${action} has no parameter "${name}"; it knows: ${allowed.join(', ') || 'none'}`,
    }));
}

/** A computed value is checked once it is known. */
function wrongLiterals(step: RemediationStep, path: PropertyKey[]): Problem[] {
  if (step.as_recommended) return bothWays(step, path);
  const computed = Object.keys(computedIn(step));
  const shape: Record<string, z.ZodType> = parametersOf[step.action].shape;
  return Object.entries(shape).flatMap(([name, schema]) => {
    const parsed = computed.includes(name) ? undefined : schema.safeParse(step.parameters[name]);
    return parsed?.success === false ? located(parsed.error.issues, [...path, 'parameters', name]) : [];
  });
}

const bothWays = ({ parameters }: RemediationStep, path: PropertyKey[]): Problem[] =>
  Object.keys(parameters).map((name) => ({
    path: [...path, 'parameters', name],
    message: 'as_recommended takes every parameter from the diagnosis',
  }));

/** The signal is looked for on the very object that was changed, so it must be one of its kind. */
function wrongProof({ action, verify }: RemediationStep, path: PropertyKey[]): Problem[] {
  const { proofs } = writeActions[action];
  if (proofs.includes(verify.condition)) return [];
  const message = `${verify.condition} cannot show that ${action} helped; what can: ${proofs.join(', ')}`;
  return [{ path: [...path, 'verify', 'condition'], message }];
}

function tooShort({ held_for, window }: { held_for: string; window: string }, path: PropertyKey[]): Problem[] {
  if (seconds(held_for) <= seconds(window)) return [];
  return [{ path: [...path, 'held_for'], message: `${held_for} is longer than the window of ${window}` }];
}

const located = (issues: readonly z.core.$ZodIssue[], at: PropertyKey[]): Problem[] =>
  issues.map((issue) => ({ path: [...at, ...issue.path], message: issue.message }));
