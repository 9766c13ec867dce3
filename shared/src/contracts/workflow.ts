import { z } from 'zod';
import { Action, Condition } from './command.ts';
import { Duration, Json, Severity } from './fields.ts';

const stepId = z.string().regex(/^[a-z][a-z0-9_]{0,47}$/, 'a lower-case word with digits and underscores');
const expression = z
  .string()
  .min(1)
  .max(2000)
  .meta({ description: 'A CEL expression over incident, diagnosis, steps and run' });
const leaf = { id: stepId, timeout: Duration.optional(), retries: z.int().min(0).max(5).default(0) };

const CommandStep = z.strictObject({
  ...leaf,
  kind: z.literal('command'),
  action: z.enum(['get', 'describe', 'events', 'logs', 'observe']),
  target: expression.default('incident.subject'),
  parameters: z.record(z.string(), Json).default({}),
});
const AnalysisStep = z.strictObject({ ...leaf, kind: z.literal('ai_analysis') });
const DecisionStep = z.strictObject({
  ...leaf,
  kind: z.literal('decision'),
  cases: z.array(z.strictObject({ when: expression, answer: z.string() })).min(1),
  otherwise: z.string(),
});
const RemediationStep = z.strictObject({
  ...leaf,
  kind: z.literal('remediation'),
  action: Action.exclude(['get', 'describe', 'events', 'logs', 'observe', 'configure']),
  parameters: z
    .record(z.string(), z.union([z.strictObject({ from: expression }), Json]))
    .default({})
    .meta({ description: 'Literals, or {from: CEL}; the agent refuses what the catalogue does not know' }),
  as_recommended: z
    .boolean()
    .default(false)
    .meta({ description: 'Take the parameters that the diagnosis computed for this action' }),
  approval: z
    .enum(['by_autonomy', 'always'])
    .default('by_autonomy')
    .meta({ description: 'A change of a field is asked for in any case' }),
  verify: z.strictObject({ condition: Condition, held_for: Duration, window: Duration }),
  on_failure: z.enum(['roll_back', 'keep']).default('roll_back'),
});
const NotificationStep = z.strictObject({
  ...leaf,
  kind: z.literal('notification'),
  severity: Severity.default('high'),
  message: z.string().min(1).max(2000),
});
const WaitStep = z.strictObject({ ...leaf, kind: z.literal('wait'), duration: Duration });
const ApprovalStep = z.strictObject({
  ...leaf,
  kind: z.literal('approval'),
  message: z.string().min(1).max(2000),
  expires_in: Duration,
});
const EscalateStep = z.strictObject({
  ...leaf,
  kind: z.literal('escalate'),
  message: z.string().min(1).max(2000).meta({ description: 'What a person has to do, in one sentence' }),
  outcome: z.enum(['not_repaired', 'contained']).default('not_repaired'),
});
const UseStep = z.strictObject({
  id: stepId,
  kind: z.literal('use'),
  workflow: z.string().meta({ description: 'Steps of another definition, put in place when this one is imported' }),
});

/** The leaves: a closed list, an ADR for each new kind. */
export const LeafStep = z.discriminatedUnion('kind', [
  CommandStep,
  AnalysisStep,
  DecisionStep,
  RemediationStep,
  NotificationStep,
  WaitStep,
  ApprovalStep,
  EscalateStep,
  UseStep,
]);
export type LeafStep = z.infer<typeof LeafStep>;

export type Step =
  | LeafStep
  | { id: string; kind: 'sequence'; steps: Step[] }
  | { id: string; kind: 'parallel'; branches: Step[] }
  | { id: string; kind: 'loop'; max: number; until?: string | undefined; for_each?: string | undefined; body: Step }
  | { id: string; kind: 'choice'; cases: { when: string; steps: Step[] }[]; otherwise: Step[] }
  | { id: string; kind: 'try'; steps: Step[]; on_failure: Step[]; always: Step[] };

const steps = z.lazy(() => z.array(Step).min(1));
const noneOrMore = z.lazy(() => z.array(Step).default([]));

/** One step of a definition: a leaf, or one of the five ways of putting steps together. */
export const Step: z.ZodType<Step> = z.lazy(() =>
  z.union([
    LeafStep,
    z.strictObject({ id: stepId, kind: z.literal('sequence'), steps }),
    z.strictObject({ id: stepId, kind: z.literal('parallel'), branches: steps }),
    z.strictObject({
      id: stepId,
      kind: z.literal('loop'),
      max: z.int().min(1).max(100),
      until: expression.optional(),
      for_each: expression.optional(),
      body: Step,
    }),
    z.strictObject({
      id: stepId,
      kind: z.literal('choice'),
      cases: z.array(z.strictObject({ when: expression, steps })).min(1),
      otherwise: noneOrMore,
    }),
    z.strictObject({ id: stepId, kind: z.literal('try'), steps, on_failure: noneOrMore, always: noneOrMore }),
  ]),
) as z.ZodType<Step>;

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens');

/** A workflow as a person writes it. */
export const WorkflowDefinition = z.strictObject({
  name,
  description: z.string().min(1).max(500),
  steps: z.array(Step).min(1),
  timeout: Duration.default('30m'),
});
export type WorkflowDefinition = z.infer<typeof WorkflowDefinition>;

/** Which incidents a workflow answers, how soon again, and how far it may go by itself. */
export const Strategy = z.strictObject({
  name,
  description: z.string().min(1).max(500),
  workflow: name,
  match: z.strictObject({
    kinds: z.array(z.string()).default([]),
    reasons: z.array(z.string()).default([]),
    namespaces: z.array(z.string()).default([]),
    clusters: z.array(z.string()).default([]),
    severities: z.array(Severity).default([]),
  }),
  priority: z.int().min(0).max(1000).default(100),
  autonomy: z.enum(['observe', 'suggest', 'approve', 'auto']),
  cooldown: Duration.default('5m'),
  enabled: z.boolean().default(true),
});
export type Strategy = z.infer<typeof Strategy>;
