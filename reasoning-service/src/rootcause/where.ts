import { type Ask, capped, type Loss, lossOf, totalLost } from './budget.ts';
import { type CallGraph, reachable } from './call-graph.ts';
import { explainAway } from './explain-away.ts';
import { type Candidate, nodeGate, passes } from './gates.ts';
import type { NodeView } from './symptom.ts';

/** A node that broke the target, by the loss that its callees leave unexplained. */
export type Place = { entity: string; score: number; z: number; share: number; kept: boolean };

export type Where =
  | { by: 'budgets' | 'walk'; metric: string; places: Place[]; coverage: number }
  | { by: 'nothing'; deviates: boolean; reason: string };

const nothing = (deviates: boolean, reason: string): Where => ({ by: 'nothing', deviates, reason });

/** What comes after the kept ones is shown, but never beside them. */
const APPENDED = 0.001;
const MISSING_REQUESTS = 2;

const ranked = (places: Place[]): Place[] =>
  places.sort((a, b) => b.score - a.score || b.z - a.z || a.entity.localeCompare(b.entity));

function byBudgets(target: Loss, losses: readonly Loss[], ask: Ask, graph: CallGraph): Place[] {
  const totals = new Map(losses.map((loss) => [loss.entity, totalLost(capped(loss, target))]));
  const own = explainAway(totals, graph, ask.settings.explained);
  const of = { total: totalLost(target), usual: target.usual };
  const candidates = losses.map(
    ({ entity, z }): Candidate => ({ entity, z, total: totals.get(entity) ?? 0, own: own.get(entity) ?? 0 }),
  );
  const kept = candidates.filter((candidate) => passes(candidate, of, ask));
  if (kept.length === 0) return [];
  const place =
    (kind: 'kept' | 'shown') =>
    (candidate: Candidate): Place => ({
      entity: candidate.entity,
      score: candidate.own * (kind === 'kept' ? 1 : APPENDED),
      z: candidate.z,
      share: candidate.own / of.total,
      kept: kind === 'kept',
    });
  const gate = nodeGate(ask.symptom, ask.settings);
  const shown = candidates.filter((candidate) => !kept.includes(candidate) && candidate.z >= gate);
  return [...ranked(kept.map(place('kept'))), ...ranked(shown.map(place('shown')))];
}

/** Without request rates: from the target over deviating callees to the deepest ones. */
function byWalk(target: Loss, losses: readonly Loss[], ask: Ask, graph: CallGraph): Place[] {
  const scores = new Map(losses.map((loss) => [loss.entity, loss.local_z]));
  const deviates = (entity: string) => (scores.get(entity) ?? 0) >= nodeGate(ask.symptom, ask.settings);
  const walked = reachable(graph, target.entity, deviates);
  const deepest = walked.filter((entity) => !graph.callees(entity).some((callee) => walked.includes(callee)));
  return ranked(
    deepest.map((entity) => {
      const z = scores.get(entity) ?? 0;
      return { entity, score: z, z, share: 0, kept: true };
    }),
  );
}

const hasRequests = ({ requests }: NodeView): boolean => requests !== undefined;

/** Which node broke the target, from symptoms alone; nothing when the target is as usual or no callee explains it. */
export function findWhere(
  views: ReadonlyMap<string, NodeView>,
  targetEntity: string,
  ask: Ask,
  graph: CallGraph,
): Where {
  const view = views.get(targetEntity);
  const target = view === undefined ? undefined : lossOf(view, ask);
  if (view === undefined || target === undefined)
    return nothing(false, 'the target has too little history to say what is usual');
  const counted = hasRequests(view);
  const deviates = (counted || ask.symptom === 'latency' ? target.z : target.local_z) >= ask.settings.target_gate;
  if (!deviates) return nothing(false, 'the target does not deviate from its baseline');
  const nodes = reachable(graph, targetEntity).flatMap((entity) => views.get(entity) ?? []);
  if (nodes.length === 0)
    return nothing(true, 'the target deviates, but no call graph names a callee of it that is measured');
  const losses = nodes.flatMap((node) => lossOf(node, ask) ?? []);
  const uncounted = nodes.filter((node) => !hasRequests(node)).length;
  const by = counted && uncounted <= Math.max(MISSING_REQUESTS, nodes.length / 10) ? 'budgets' : 'walk';
  const places = by === 'budgets' ? byBudgets(target, losses, ask, graph) : byWalk(target, losses, ask, graph);
  if (places.length === 0) return nothing(true, 'the target itself deviates, no dependency explains it');
  const coverage = places.filter(({ kept }) => kept).reduce((total, { share }) => total + share, 0);
  return { by, metric: view.metric, places, coverage: Math.min(1, coverage) };
}
