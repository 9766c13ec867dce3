import { type JsonObject, type Subject, seconds, type WriteAction, writeActions } from '@aetherius/shared/contracts';
import { planHash } from '../../approvals/plan-hash.ts';
import { refusal } from '../../guard/checks.ts';
import type { Effect } from '../effect.ts';
import type { LeafOf } from '../node.ts';
import { type Scope, targetKey } from '../scope.ts';
import { actionAudit } from './action-audit.ts';
import { verdict } from './approval.ts';
import { endingOf, send, writeId } from './command-order.ts';
import { commandIdOf, stepsOfWay } from './remediation-read.ts';
import { atOnce, done, failed, type StepChange, type StepKind } from './step-kind.ts';
import { foundObject, pinned } from './target.ts';

const WRITE_TAKES_S = 20;
const MANUAL_AUTONOMY = 'approve';

type Planned = { action: WriteAction; parameters: JsonObject; before: JsonObject; after: JsonObject; hash: string };
const planned = (check: string, scope: Scope): Planned => scope.steps[check]?.output as unknown as Planned;

const hashOfPlan = (plan: Planned, scope: Scope): string =>
  planHash({
    action: plan.action,
    parameters: plan.parameters,
    uid: pinned(scope).uid ?? '',
    before: plan.hash,
  });

/** The checks that do not need the cluster; a refusal says in a sentence what stands in the way. */
export const guardStep = atOnce<'guard'>((leaf, scope) => {
  const object = foundObject(scope.steps['get']?.output ?? null);
  if (object === undefined) return failed('target_not_readable');
  const { kind, namespace, name } = pinned(scope);
  const target: Subject = { kind, namespace, name };
  const autonomy = scope.run.strategy?.autonomy ?? MANUAL_AUTONOMY;
  const refused = refusal({
    action: leaf.action,
    target,
    object,
    incident: scope.run.incident,
    autonomy,
    run_id: scope.run.id,
    facts: scope.facts,
  });
  if (refused !== undefined)
    return failed(refused.code, { message: refused.message }, [
      actionAudit(scope, { action: leaf.action, outcome: 'denied', details: refused }),
    ]);
  // What is still to come leaves time to ask, and a pod that is well should not be restarted unasked.
  const isForeseen = scope.diagnosis?.foreseen != null;
  const asks = isForeseen || leaf.approval === 'always' || writeActions[leaf.action].asks === 'always';
  return done({ verdict: asks || autonomy === 'approve' ? 'ask' : 'allow' });
});

/** Asks someone other than the requester for exactly this change of exactly this object. */
export const grantStep: StepKind<'grant'> = {
  begin: (leaf, scope) => {
    const plan = planned('dry_run', scope);
    const { kind, namespace, name } = pinned(scope);
    const expires_in = seconds(leaf.expires_in);
    const expires_at = new Date(Date.parse(scope.facts.now) + expires_in * 1000).toISOString();
    const plan_hash = hashOfPlan(plan, scope);
    const request = {
      path: scope.path,
      message: `May ${plan.action} be carried out on ${kind} ${namespace === null ? '' : `${namespace}/`}${name}?`,
      requester: scope.run.requester,
      action: plan.action,
      target: { kind, namespace, name },
      parameters: plan.parameters,
      before: plan.before,
      after: plan.after,
      plan_hash,
      expires_at,
    };
    return {
      status: 'started',
      input: { plan_hash, expires_at },
      deadline_in: expires_in,
      effects: [{ kind: 'approval', request }],
    };
  },
  settle: (_leaf, { entry, event }) =>
    verdict(event, {
      plan_hash: String(entry.input?.['plan_hash']),
      expires_at: String(entry.input?.['expires_at']),
    }),
};

/** Why the write must not leave now although everything before it went well. */
function objection(leaf: LeafOf<'act'>, scope: Scope): string | undefined {
  if (scope.facts.kill_switch) return 'kill_switch';
  const granted = scope.steps['approve'];
  if (leaf.way === 'undo' || granted === undefined) return undefined;
  if (granted.output['plan_hash'] !== hashOfPlan(planned('dry_run', scope), scope)) return 'approval_for_another_plan';
  return Date.parse(String(granted.output['expires_at'])) < Date.parse(scope.facts.now)
    ? 'approval_expired'
    : undefined;
}

/** The write itself. Its id is made of its path alone; silence becomes `unknown`, which the steps after it look into. */
export const actStep: StepKind<'act'> = {
  begin: (leaf, scope) => {
    const plan = planned(stepsOfWay[leaf.way].check, scope);
    const target = pinned(scope);
    const problem = objection(leaf, scope);
    if (problem !== undefined)
      return failed(problem, {}, [
        actionAudit(scope, { action: plan.action, outcome: 'denied', details: { reason: problem } }),
      ]);
    const id = leaf.resends ? commandIdOf(leaf.way, scope) : writeId(scope, scope.path);
    const sent = send(
      { action: plan.action, target, parameters: plan.parameters, expected: plan.hash, takes: WRITE_TAKES_S },
      id,
      scope,
    );
    const write: Effect = { kind: 'write', command_id: id, target: targetKey(scope.run.incident, target) };
    return { ...sent, effects: [...(sent.effects ?? []), write] };
  },
  settle: (leaf, { entry, event, scope }) => {
    const ending = endingOf(event);
    const plan = planned(stepsOfWay[leaf.way].check, scope);
    const output = {
      command_id: entry.correlation_id,
      status: ending.status,
      reason: ending.reason,
      at: scope.facts.now,
    };
    if (ending.status === 'unknown') return done(output);
    const details = { ...output, parameters: plan.parameters, before: plan.before, after: plan.after };
    const record = actionAudit(scope, {
      action: plan.action,
      outcome: ending.status === 'done' ? 'done' : 'failed',
      details,
    });
    return ending.status === 'done' ? done(output, [record]) : failed(ending.status, output, [record]);
  },
};

/** Seconds that a last look may take beyond the window, so that a lost question is not the end of a good repair. */
const LAST_LOOK_S = 10;

/** Has the agent watch for the signal that was named before acting. */
export const observeStep: StepKind<'observe'> = {
  begin: (leaf, scope) => {
    const window = seconds(leaf.window);
    const since = Date.parse(String(scope.steps['act']?.output['at'] ?? scope.facts.now));
    const left = window - (Date.parse(scope.facts.now) - since) / 1000;
    const takes = Math.ceil(Math.max(left, seconds(leaf.held_for) + LAST_LOOK_S));
    return send(
      {
        action: 'observe',
        target: pinned(scope),
        parameters: { condition: leaf.condition, held_for: leaf.held_for, window: `${takes}s` },
        takes: takes + LAST_LOOK_S,
      },
      writeId(scope, scope.path),
      scope,
    );
  },
  settle: (_leaf, { event }) => done(observed(event)),
};

function observed(event: Parameters<typeof endingOf>[0]): JsonObject {
  const ending = endingOf(event);
  const seen = ending.status === 'done' ? ending.output['observed'] : undefined;
  const answer = seen === 'met' || seen === 'not_met' ? seen : 'unknown';
  return { ...ending.output, answer, reason: ending.reason };
}

/** Marks that a repair was seen to hold: only this makes a run verified. */
export const provenStep = atOnce<'proven'>((_leaf, scope): StepChange => {
  const { action, parameters } = planned('dry_run', scope);
  return done({ action, parameters });
});
