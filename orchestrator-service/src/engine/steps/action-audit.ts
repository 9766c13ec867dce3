import type { AuditRecord } from '@aetherius/shared/contracts';
import type { Effect } from '../effect.ts';
import { type Scope, targetKey } from '../scope.ts';
import { pinned } from './target.ts';

/** An audit record whose id follows from the step, so that a repeated advance writes it once. */
export function actionAudit(scope: Scope, what: Pick<AuditRecord, 'action' | 'outcome' | 'details'>): Effect {
  const { run, path, facts } = scope;
  const ref = pinned(scope);
  return {
    kind: 'audit',
    record: {
      id: `${run.id}:${path}:${what.outcome}`,
      at: facts.now,
      service: 'orchestrator-service',
      actor: run.strategy === null ? run.requester : `strategy:${run.strategy.name}`,
      target: targetKey(run.incident, ref),
      ...what,
    },
  };
}
