import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import { podShapeOf } from '../graph/pod-spec.ts';
import { conditionOf } from '../health/health.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { numberAt, objectAt, objectsAt, textAt, valueAt } from '../json-path.ts';
import { parseCreation } from '../messages/creation.ts';
import { parseQuantity } from '../quantity.ts';
import { finding } from '../said.ts';

/** What a quota counts of pods; `cpu` alone stands for the requests. */
const counted = /^(?:(?:count\/)?pods|cpu|memory|(?:requests|limits)\.(?:cpu|memory|ephemeral-storage))$/;

const sum = (amounts: readonly (number | undefined)[]): number =>
  amounts.reduce<number>((all, one) => all + (one ?? 0), 0);

/** What one more pod takes of a figure, as far as its template tells. */
function takenBy(spec: JsonObject | undefined, figure: string): number {
  if (figure.endsWith('pods')) return 1;
  const path = figure.includes('.') ? figure : `requests.${figure}`;
  return sum(objectsAt(spec, 'containers').map((container) => parseQuantity(valueAt(container, `resources.${path}`))));
}

type Full = { figure: string; used: string; hard: string };

/** The first figure of a quota that leaves no room for one more pod. */
function fullFigure(quota: BundleObject, spec: JsonObject | undefined): Full | undefined {
  const [hard, used] = [objectAt(quota.body, 'status.hard') ?? {}, objectAt(quota.body, 'status.used') ?? {}];
  for (const figure of Object.keys(hard).filter((one) => counted.test(one))) {
    const [most, taken] = [parseQuantity(hard[figure]), parseQuantity(used[figure])];
    const isFull = most !== undefined && taken !== undefined && (taken >= most || taken + takenBy(spec, figure) > most);
    if (isFull) return { figure, used: String(used[figure]), hard: String(hard[figure]) };
  }
  return undefined;
}

/** A word of its own on what kept its pods from being made, or fewer pods than it wants; any other refusal is told by itself. */
function lacksPods(facts: Facts, workload: BundleObject): string | undefined {
  const { state } = facts.health(workload);
  const failure = conditionOf(workload, 'ReplicaFailure');
  if (textAt(failure, 'status') === 'True') {
    const isToldOtherwise = parseCreation(textAt(failure, 'message') ?? '') !== undefined;
    return state === 'healthy' || isToldOtherwise ? undefined : 'ReplicaFailure';
  }
  const [wanted, made] = [numberAt(workload.body, 'spec.replicas'), numberAt(workload.body, 'status.replicas')];
  const isShort = wanted !== undefined && made !== undefined && made < wanted;
  return isShort && state === 'broken' ? 'status.replicas: ' : undefined;
}

function refusedBy(facts: Facts, workload: BundleObject): Hypothesis[] {
  const line = lacksPods(facts, workload);
  if (line === undefined) return [];
  const spec = podShapeOf(workload)?.spec;
  for (const quota of facts.of('ResourceQuota').filter(({ namespace }) => namespace === workload.namespace)) {
    const full = fullFigure(quota, spec);
    if (full === undefined) continue;
    return [
      finding({
        category: 'quota_exceeded',
        subject: facts.top(workload),
        cause: subjectOf(quota),
        description: `pods of ${workload.kind} ${workload.name} are not made, and quota ${quota.name} has no room for one more: ${full.figure} ${full.used} of ${full.hard} used`,
        weight: line === 'ReplicaFailure' ? 0.88 : 0.75,
        evidence: [...citeObject(workload, line), ...citeObject(quota, `status.used.${full.figure}: `)],
        affects: [subjectOf(workload)],
      }),
    ];
  }
  return [];
}

/** Workloads whose pods are not made beside a quota that is used up, where no message says so. */
export const usedUpQuota: Rule = (facts) =>
  facts.of('ResourceQuota').length === 0
    ? []
    : ['Deployment', 'ReplicaSet'].flatMap((kind) => facts.of(kind).flatMap((one) => refusedBy(facts, one)));
