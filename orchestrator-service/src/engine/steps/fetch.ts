import { EvidenceRead, type JsonObject } from '@aetherius/shared/contracts';
import { type Fetched, fetchedOf, notFetched } from '../../evidence/fetched.ts';
import type { Scope } from '../scope.ts';
import { again, endingOf, readId, send } from './command-order.ts';
import { done, failed, type StepChange, type StepKind } from './step-kind.ts';
import { refOf } from './target.ts';

const TAKES_S = 15;
/** An answer without it is better than a late one. */
const PATIENCE_S = 20;
/** A read whose answer was lost is asked once more; what it was to show may be gone a little later. */
const TRIES = 2;

/** A diagnosis may ask about the place of its incident and about the machines below it, never about another tenant's. */
function isInScope({ target }: EvidenceRead, { run, facts }: Scope): boolean {
  const places = [null, run.incident.subject.namespace, ...facts.known.map(({ namespace }) => namespace)];
  return places.includes(target.namespace);
}

const kept = (fetched: Fetched): StepChange => done(fetched as unknown as JsonObject);

/** One read of missing evidence. It never fails the run: what could not be had is told, and the diagnosis goes on without it. */
export const fetchStep: StepKind<'fetch'> = {
  begin: (_leaf, scope) => {
    const read = EvidenceRead.safeParse(scope.item);
    if (!read.success) return failed('not_a_read', { problem: read.error.message });
    const { now: at } = scope.facts;
    const ref = refOf(read.data.target);
    if (ref === undefined || !isInScope(read.data, scope))
      return kept(notFetched(read.data, { reason: 'out_of_scope', at }));
    const { action, parameters } = read.data;
    return send({ action, target: ref, parameters, takes: TAKES_S, patience: PATIENCE_S }, readId(scope, 1), scope);
  },
  settle: (_leaf, { entry, event, scope }) => {
    const read = EvidenceRead.parse(scope.item);
    const { now: at } = scope.facts;
    const ending = endingOf(event);
    if (ending.status === 'done') return kept(fetchedOf(read, { output: ending.output, at }));
    const isLost = ending.status === 'unknown' && ending.reason !== 'agent_offline';
    return isLost && entry.attempt < TRIES
      ? again(entry, scope, PATIENCE_S)
      : kept(notFetched(read, { reason: ending.reason, at }));
  },
};
