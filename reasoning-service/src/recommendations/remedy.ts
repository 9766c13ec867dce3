import {
  Action,
  Category,
  Condition,
  Duration,
  isWriteAction,
  Json,
  parametersOf,
  readOnlyActions,
  writeActions,
} from '@aetherius/shared/contracts';
import { z } from 'zod';
import { type ChangeName, changes } from './changes/index.ts';
import { type ConditionName, conditions } from './conditions.ts';
import { type LookTargetName, lookTargets } from './look-targets.ts';
import { type TargetName, targets } from './targets.ts';
import { isValue, type ValueName, values } from './values.ts';

const nameIn = <T extends string>(table: Record<T, unknown>, what: string) =>
  z.string().refine((word): word is T => Object.hasOwn(table, word), {
    error: ({ input }) => `no ${what} is called "${input}"; there are ${Object.keys(table).join(', ')}`,
  });

const noValue = (word: string) => `no value is called "${word}"; there are ${Object.keys(values).join(', ')}`;

const braces = /\{([^{}]*)\}/g;
/** Text whose braces name values of the bundle. */
const Told = z
  .string()
  .min(1)
  .max(500)
  .superRefine((words, context) => {
    for (const [, word = ''] of words.matchAll(braces)) {
      if (!isValue(word)) context.addIssue(noValue(word));
    }
  });

const Parameters = z.record(z.string(), Json);
type Parameters = z.infer<typeof Parameters>;
const Target = nameIn<TargetName>(targets, 'target');

type ValueOf = (name: ValueName) => Json | undefined;

/** Puts a value where `{from: name}` stands; undefined as soon as one of them is not known. */
export function filled(parameter: Json, known: ValueOf): Json | undefined {
  if (typeof parameter !== 'object' || parameter === null || Array.isArray(parameter)) return parameter;
  const { from } = parameter;
  if (typeof from === 'string') return isValue(from) ? known(from) : undefined;
  const entries = Object.entries(parameter).map(([key, inner]) => [key, filled(inner, known)] as const);
  return entries.some(([, value]) => value === undefined) ? undefined : (Object.fromEntries(entries) as Json);
}

/** Names behind `from` that no value has. */
function strangers(parameter: Json): string[] {
  if (typeof parameter !== 'object' || parameter === null || Array.isArray(parameter)) return [];
  const { from } = parameter;
  if (typeof from === 'string') return isValue(from) ? [] : [from];
  return Object.values(parameter).flatMap(strangers);
}

/** The text with its braces filled in; what is not known is said in general words. */
export const told = (words: string, known: ValueOf): string =>
  words.replace(braces, (all, word: string) => (isValue(word) ? String(known(word) ?? values[word].else) : all));

/** The parameters fit the action when values of the named kinds do. */
const fits = ({ action, parameters }: { action: Action; parameters: Parameters }) =>
  parametersOf[action].safeParse(filled(parameters, (name) => values[name].like));

const command = { action: Action, target: Target.default('subject'), parameters: Parameters.default({}) };
const LookTarget = nameIn<LookTargetName>(lookTargets, 'target');

type Given = { action: Action; parameters: Parameters };
const check = (isRight: (action: Action) => boolean, message: string) => (given: Given, context: z.RefinementCtx) => {
  for (const word of strangers(given.parameters))
    context.addIssue({ code: 'custom', path: ['parameters'], message: noValue(word) });
  if (strangers(given.parameters).length > 0) return;
  for (const issue of fits(given).error?.issues ?? [])
    context.addIssue({ code: 'custom', path: ['parameters', ...issue.path], message: issue.message });
  if (!isRight(given.action)) context.addIssue({ code: 'custom', path: ['action'], message });
};

type Success = { success: { condition: Condition } };

/** What shows success has to be seen on what the action changes. */
function checkProof({ action, success }: { action: Action } & Success, context: z.RefinementCtx): void {
  if (!isWriteAction(action) || writeActions[action].proofs.includes(success.condition)) return;
  context.addIssue({ code: 'custom', path: ['success', 'condition'], message: `cannot show that ${action} helped` });
}

/** A change computes target and parameters together, so it stands in the place of both. */
function checkChange(
  { action, change, parameters }: Given & { change?: ChangeName | undefined },
  context: z.RefinementCtx,
) {
  if (change === undefined) return;
  if (changes[change].action !== action)
    context.addIssue({ code: 'custom', path: ['action'], message: `${change} computes ${changes[change].action}` });
  if (Object.keys(parameters).length > 0)
    context.addIssue({ code: 'custom', path: ['parameters'], message: `${change} computes them` });
}

const checkWrite = check(isWriteAction, 'changes nothing; that is a look');

/** A writing action: its parameters are filled in one by one, or a change computes them with its target. */
const Do = z
  .strictObject({
    ...command,
    change: nameIn<ChangeName>(changes, 'change').optional(),
    success: z.strictObject({ condition: Condition, held_for: Duration, window: Duration }),
    rollback: Action.nullable(),
  })
  .superRefine((given, context) => {
    if (given.change === undefined) checkWrite(given, context);
    checkChange(given, context);
    checkProof(given, context);
  });
const Look = z
  .strictObject({ ...command, target: LookTarget.default('subject') })
  .superRefine(check((action) => readOnlyActions.has(action), 'changes the cluster; a look only reads'));

const common = {
  name: z.string().regex(/^[a-z][a-z0-9_]{2,60}$/, 'a lower-case name with underscores'),
  title: Told,
  categories: z.array(Category).min(1),
  confidence: z.number().gt(0).lt(1).meta({ description: 'How often it helps before anything was measured' }),
  risk: z.enum(['low', 'medium', 'high']),
  when: z.array(nameIn<ConditionName>(conditions, 'condition')).default([]),
};

const advice = z.strictObject({
  steps: z.array(Told).min(1).max(8),
  expect: Told,
  undo: Told.nullable(),
  look: Look,
});

/**
 * One entry of the catalogue: an action of the agent with computed parameters, and advice for people with the read that
 * shows what they need; where an entry has both, the advice is what to look at before and instead.
 */
export const Remedy = z.union([
  z.strictObject({ ...common, reason: Told, do: Do, advice: advice.optional() }),
  z.strictObject({ ...common, advice }),
]);
export type Remedy = z.infer<typeof Remedy>;
export type Doing = Extract<Remedy, { do: unknown }>;
export type Advising = Remedy & { advice: z.infer<typeof advice> };

/** Whether an agent can carry the remedy out. */
export const isDoing = (remedy: Remedy): remedy is Doing => 'do' in remedy;

/** Whether the remedy has something to say to people. */
export const isAdvising = (remedy: Remedy): remedy is Advising => remedy.advice !== undefined;
