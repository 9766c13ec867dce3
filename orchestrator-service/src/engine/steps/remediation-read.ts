import {
  type Json,
  JsonObject,
  parametersOf,
  type Subject,
  type WriteAction,
  writeActions,
} from '@aetherius/shared/contracts';
import { z } from 'zod';
import { marksOn } from '../../guard/checks.ts';
import { evaluate } from '../expression.ts';
import { hashOf } from '../hash.ts';
import type { LeafOf, Way } from '../node.ts';
import { type Scope, variablesOf } from '../scope.ts';
import { actionAudit } from './action-audit.ts';
import { again, endingOf, type Order, readId, send } from './command-order.ts';
import { done, failed, type StepChange, type StepKind } from './step-kind.ts';
import { foundObject, pinned, refOf, writeTarget } from './target.ts';

const TAKES_S = 15;
const READ_RETRIES = 2;

/** Ids of the sub-steps that belong to each way. */
export const stepsOfWay = {
  repair: { check: 'dry_run', act: 'act' },
  undo: { check: 'undo_check', act: 'undo' },
} as const;

/** The command that the agent named for taking its change back, found in the dry run. */
const Inverse = z.object({ action: z.enum(Object.keys(writeActions) as [WriteAction]), parameters: JsonObject });

type Settling = Parameters<StepKind<'get'>['settle']>[1];

/** A read that failed or fell silent is asked again twice; a refusal stands. */
function unlessDone({ entry, event, scope }: Settling, whenDone: (output: JsonObject) => StepChange): StepChange {
  const ending = endingOf(event);
  if (ending.status === 'done') return whenDone(ending.output);
  if (ending.status === 'unknown' && ending.reason !== 'agent_offline' && entry.attempt <= READ_RETRIES)
    return again(entry, scope);
  return failed(ending.status === 'unknown' ? ending.reason : ending.status, { reason: ending.reason });
}

/** Annotations that we read; the others (whole objects among them) do not belong into a journal. */
const ours = (annotations: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(annotations).filter(([name]) => name.startsWith('aetherius.io/')));

/** Reads the target: its uid pins everything that follows to this one object. */
export const getStep: StepKind<'get'> = {
  begin: (leaf, scope) => {
    const target: Subject = writeTarget(leaf.action, scope);
    const ref = refOf(target);
    if (ref === undefined) return failed('unknown_kind', { kind: target.kind });
    return send({ action: 'get', target: ref, parameters: {}, takes: TAKES_S }, readId(scope, 1), scope);
  },
  settle: (leaf, at) =>
    unlessDone(at, (output) => {
      const object = foundObject(output);
      const ref = refOf(writeTarget(leaf.action, at.scope));
      if (object === undefined || ref === undefined) return failed('target_not_readable');
      const { uid, name, labels } = object.metadata;
      const annotations = ours(object.metadata.annotations);
      return done({ ref: { ...ref, uid }, object: { metadata: { name, uid, annotations, labels } } });
    }),
};

/** Literal parameters, and those that an expression computes from the diagnosis. */
function computed(parameters: Record<string, Json>, scope: Scope): { value: JsonObject } | { problem: string } {
  const value: JsonObject = {};
  for (const [name, given] of Object.entries(parameters)) {
    const from = expressionIn(given);
    const answer = from === undefined ? { ok: true as const, value: given } : evaluate(from, variablesOf(scope));
    if (!answer.ok) return { problem: `${name}: ${answer.problem}` };
    value[name] = answer.value;
  }
  return { value };
}

/** The expression of a `{from: …}` parameter. */
export const expressionIn = (given: Json): string | undefined =>
  typeof given === 'object' && given !== null && !Array.isArray(given) && typeof given['from'] === 'string'
    ? given['from']
    : undefined;

/** What the diagnosis computed for this action, which is the same that the target comes from. */
function recommended(action: WriteAction, { diagnosis }: Scope): { value: JsonObject } | { problem: string } {
  const found = diagnosis?.recommendations.find((one) => one.action === action);
  return found === undefined ? { problem: `the diagnosis does not recommend ${action}` } : { value: found.parameters };
}

function orderOf(leaf: LeafOf<'dry_run'>, scope: Scope): { action: WriteAction; parameters: JsonObject } | StepChange {
  if (leaf.way === 'undo') {
    const inverse = Inverse.safeParse(scope.steps['dry_run']?.output['undo']);
    return inverse.success ? inverse.data : failed('no_way_back');
  }
  const parameters = leaf.as_recommended ? recommended(leaf.action, scope) : computed(leaf.parameters, scope);
  if ('problem' in parameters) return failed('expression_failed', parameters);
  const checked = parametersOf[leaf.action].safeParse(parameters.value);
  if (!checked.success) return failed('invalid_parameters', { problem: checked.error.message });
  return { action: leaf.action, parameters: parameters.value };
}

/** The write without its effect: gives the difference and the hash of the values that the real write must still find. */
export const dryRunStep: StepKind<'dry_run'> = {
  begin: (leaf, scope) => {
    const order = orderOf(leaf, scope);
    if ('status' in order) return order;
    const { action, parameters } = order;
    return send(dryRun({ action, parameters, scope }), readId(scope, 1), scope);
  },
  settle: (_leaf, at) =>
    unlessDone(at, (output) => {
      const changed = at.event.kind === 'result' ? at.event.result.changed : null;
      const undo = output['undo'] ?? null;
      const command = at.entry.input?.['command'] as { action: WriteAction; parameters: JsonObject } | undefined;
      if (changed === null || command === undefined) return failed('dry_run_without_difference');
      return done({ action: command.action, parameters: command.parameters, undo, ...changed });
    }),
};

const dryRun = ({
  action,
  parameters,
  scope,
}: {
  action: WriteAction;
  parameters: JsonObject;
  scope: Scope;
}): Order => ({
  action,
  target: pinned(scope),
  parameters,
  dry_run: true,
  takes: TAKES_S,
});

/** A way back makes a new revision of its own: its number differs although every value is as it was. */
const sameValues = ({ revision: _, ...a }: JsonObject, { revision: __, ...b }: JsonObject): boolean =>
  hashOf(a) === hashOf(b);

/** After an undo: would the repair still find the very values that it found the first time? */
export const proofStep: StepKind<'proof'> = {
  begin: (_leaf, scope) => {
    const { action, parameters } = scope.steps['dry_run']?.output ?? {};
    return send(
      dryRun({ action: action as WriteAction, parameters: parameters as JsonObject, scope }),
      readId(scope, 1),
      scope,
    );
  },
  settle: (_leaf, { event, scope }) => {
    const changed = event.kind === 'result' && event.result.status === 'done' ? event.result.changed : null;
    if (changed === null) return done({ answer: 'unknown' });
    const wanted = scope.steps['dry_run']?.output['before'] as JsonObject;
    return done({ answer: sameValues(changed.before, wanted) ? 'met' : 'not_met' });
  },
};

/** Reads the target again and looks for the command's own mark: is the lost write there? */
export const markStep: StepKind<'mark'> = {
  begin: (_leaf, scope) =>
    send(
      { action: 'get', target: { ...pinned(scope), uid: null }, parameters: {}, takes: TAKES_S },
      readId(scope, 1),
      scope,
    ),
  settle: (leaf, at) => {
    if (isGone(at)) return looked(deletes(leaf.way, at.scope), leaf.way, at.scope);
    return unlessDone(at, (output) => {
      const object = foundObject(output);
      if (object === undefined) return failed('target_not_readable');
      const marks = marksOn(object);
      const another = object.metadata.uid !== pinned(at.scope).uid;
      const marked = marks.includes(commandIdOf(leaf.way, at.scope)) || (another && deletes(leaf.way, at.scope));
      return looked(marked, leaf.way, at.scope);
    });
  },
};

function looked(marked: boolean, way: Way, scope: Scope): StepChange {
  const check = scope.steps[stepsOfWay[way].check]?.output;
  const details = { command_id: commandIdOf(way, scope), found_by: 'mark', before: check?.['before'] ?? null };
  const record = actionAudit(scope, { action: String(check?.['action']), outcome: 'done', details });
  return done({ marked }, marked ? [record] : []);
}

const isGone = ({ event }: Settling): boolean =>
  event.kind === 'result' && event.result.status === 'failed' && /^(target_)?not_found/.test(event.result.reason ?? '');

/** Only a removal is proven by absence. */
const deletes = (way: Way, { steps }: Scope): boolean =>
  ['delete_pod', 'evict_pod'].includes(String(steps[stepsOfWay[way].check]?.output['action']));

/** Id of the write of this way, as its first attempt was sent. */
export const commandIdOf = (way: Way, { steps }: Scope): string =>
  String(steps[stepsOfWay[way].act]?.output['command_id'] ?? '');
