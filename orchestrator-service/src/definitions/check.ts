import { type Step, Strategy, WorkflowDefinition } from '@aetherius/shared/contracts';
import type { z } from 'zod';
import { expressionProblem } from '../engine/expression.ts';
import { checkCommand, checkRemediation, computedIn } from './check-action.ts';
import type { Problem } from './problem.ts';

export type Checked<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };
/** Definitions that are known besides the one that is checked. */
export type Known = ReadonlyMap<string, WorkflowDefinition>;

/** Steps of one definition with everything that it uses put in place. */
export const MAX_STEPS = 200;
const stepKinds =
  'command, ai_analysis, decision, remediation, notification, wait, approval, escalate, use, sequence, parallel, loop, choice, try';

/** Whether a document is a workflow that can run: schema, ids, expressions, parameters, what it uses, size. */
export function checkDefinition(document: unknown, known: Known): Checked<WorkflowDefinition> {
  const parsed = WorkflowDefinition.safeParse(document);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap((issue) => explain(issue, document)) };
  const definition = parsed.data;
  const places = allSteps(definition);
  const problems = [
    ...repeatedIds(places),
    ...places.flatMap(({ step, path }) => checkStep(step, path)),
    ...checkUses({ definition, places, known }),
  ];
  return problems.length === 0 ? { ok: true, value: definition } : { ok: false, problems };
}

/** Whether a document is a strategy whose workflow exists. */
export function checkStrategy(document: unknown, known: Known): Checked<Strategy> {
  const parsed = Strategy.safeParse(document);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap((issue) => explain(issue, document)) };
  if (known.has(parsed.data.workflow)) return { ok: true, value: parsed.data };
  return { ok: false, problems: [{ path: ['workflow'], message: `there is no workflow "${parsed.data.workflow}"` }] };
}

/** A union that fits nowhere is explained by the one option that was meant: the one whose kind fits. */
function explain(issue: z.core.$ZodIssue, document: unknown, base: PropertyKey[] = []): Problem[] {
  const path = [...base, ...issue.path];
  if (issue.code !== 'invalid_union') return [{ path, message: issue.message }];
  const meant = issue.errors.filter((issues) => !issues.some((one) => one.path[0] === 'kind'));
  const [closest] = meant.sort((a, b) => a.length - b.length);
  if (closest !== undefined) return closest.flatMap((one) => explain(one, document, path));
  const kind = valueAt(document, [...path, 'kind']) ?? valueAt(document, path);
  return [{ path, message: `${JSON.stringify(kind)} is not a kind of step; there are: ${stepKinds}` }];
}

const valueAt = (document: unknown, path: PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    document,
  );

type Place = { step: Step; path: PropertyKey[] };

const allSteps = (definition: WorkflowDefinition): Place[] => within(definition.steps, ['steps']);

const within = (steps: Step[], path: PropertyKey[]): Place[] =>
  steps.flatMap((step, index) => [{ step, path: [...path, index] }, ...inside(step, [...path, index])]);

function inside(step: Step, path: PropertyKey[]): Place[] {
  switch (step.kind) {
    case 'sequence':
      return within(step.steps, [...path, 'steps']);
    case 'parallel':
      return within(step.branches, [...path, 'branches']);
    case 'loop':
      return [{ step: step.body, path: [...path, 'body'] }, ...inside(step.body, [...path, 'body'])];
    case 'choice':
      return [
        ...step.cases.flatMap((one, index) => within(one.steps, [...path, 'cases', index, 'steps'])),
        ...within(step.otherwise, [...path, 'otherwise']),
      ];
    case 'try':
      return [
        ...within(step.steps, [...path, 'steps']),
        ...within(step.on_failure, [...path, 'on_failure']),
        ...within(step.always, [...path, 'always']),
      ];
    default:
      return [];
  }
}

function repeatedIds(places: Place[]): Problem[] {
  const seen = new Set<string>();
  return places.flatMap(({ step, path }) => {
    if (!seen.has(step.id)) {
      seen.add(step.id);
      return [];
    }
    return [{ path: [...path, 'id'], message: `the id "${step.id}" is taken by another step` }];
  });
}

function checkStep(step: Step, path: PropertyKey[]): Problem[] {
  const expressions = expressionsOf(step).flatMap(({ at, source }) => {
    const message = expressionProblem(source);
    return message === undefined ? [] : [{ path: [...path, ...at], message }];
  });
  if (step.kind === 'remediation') return [...expressions, ...checkRemediation(step, path)];
  if (step.kind === 'command') return [...expressions, ...checkCommand(step, path)];
  if (step.kind === 'loop' && (step.until === undefined) === (step.for_each === undefined))
    return [...expressions, { path, message: 'a loop has either until or for_each' }];
  return expressions;
}

type Expression = { at: PropertyKey[]; source: string };

function expressionsOf(step: Step): Expression[] {
  switch (step.kind) {
    case 'command':
      return [{ at: ['target'], source: step.target }];
    case 'decision':
    case 'choice':
      return step.cases.map((one, index) => ({ at: ['cases', index, 'when'], source: one.when }));
    case 'loop':
      return [
        ...(step.until === undefined ? [] : [{ at: ['until'], source: step.until }]),
        ...(step.for_each === undefined ? [] : [{ at: ['for_each'], source: step.for_each }]),
      ];
    case 'remediation':
      return Object.entries(computedIn(step)).map(([name, source]) => ({ at: ['parameters', name, 'from'], source }));
    case 'notification':
    case 'approval':
    case 'escalate':
      return [...step.message.matchAll(/\{\{(.+?)\}\}/g)].map(([, source = '']) => ({
        at: ['message'],
        source: source.trim(),
      }));
    default:
      return [];
  }
}

type Using = { definition: WorkflowDefinition; places: Place[]; known: Known };

function checkUses({ definition, places, known }: Using): Problem[] {
  const all = new Map([...known, [definition.name, definition]]);
  const problems = places.flatMap(({ step, path }) => {
    if (step.kind !== 'use') return [];
    const at = [...path, 'workflow'];
    if (!all.has(step.workflow)) return [{ path: at, message: `there is no workflow "${step.workflow}"` }];
    const circle = circleFrom(step.workflow, definition.name, all);
    return circle === undefined
      ? []
      : [{ path: at, message: `a circle: ${[definition.name, ...circle].join(' -> ')}` }];
  });
  if (problems.length > 0) return problems;
  const size = sizeOf(definition, all);
  return size <= MAX_STEPS
    ? []
    : [{ path: ['steps'], message: `${size} steps; at most ${MAX_STEPS} with everything it uses` }];
}

const usedBy = (definition: WorkflowDefinition): string[] =>
  allSteps(definition).flatMap(({ step }) => (step.kind === 'use' ? [step.workflow] : []));

/** The workflows that have the steps of `name` among their own, however deep. */
export const usersOf = (name: string, all: Known): WorkflowDefinition[] =>
  [...all.values()].filter((one) => one.name !== name && circleFrom(one.name, name, all) !== undefined);

/** The way from `name` back to `home`, if there is one. */
function circleFrom(name: string, home: string, all: Known, seen: readonly string[] = []): string[] | undefined {
  if (name === home) return [...seen, name];
  const definition = all.get(name);
  if (definition === undefined || seen.includes(name)) return undefined;
  for (const next of usedBy(definition)) {
    const circle = circleFrom(next, home, all, [...seen, name]);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

const sizeOf = (definition: WorkflowDefinition, all: Known): number =>
  allSteps(definition).reduce((sum, { step }) => {
    const used = step.kind === 'use' ? all.get(step.workflow) : undefined;
    return sum + 1 + (used === undefined ? 0 : sizeOf(used, all));
  }, 0);
