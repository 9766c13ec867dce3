import type { BundleObject, JsonObject, Subject } from '@aetherius/shared/contracts';
import { selects } from '../../diagnosis/graph/label-selector.ts';
import { templateLabels } from '../../diagnosis/graph/object-graph.ts';
import { isSame, subjectOf } from '../../diagnosis/graph/object-key.ts';
import { podShapeOf } from '../../diagnosis/graph/pod-spec.ts';
import { isTrueAt, numberAt, objectAt, objectsAt, textAt, valueAt, wordAt } from '../../diagnosis/json-path.ts';
import { parseQuantity } from '../../diagnosis/quantity.ts';
import { ownContainers, type Scope, subjectObject } from '../scope.ts';
import { type Change, only, ownWorkload } from './aimed.ts';

/** No figure is more than doubled at once. */
const FACTOR = 2;
const GIBI = 2 ** 30;

/** The claim that is full: the subject itself, or the only one of the pods that it answers for. */
function fullClaim(scope: Scope): BundleObject | undefined {
  const { facts, diagnosis } = scope;
  const holders = [diagnosis.subject, ...ownContainers(scope).map(({ pod }) => subjectOf(pod))];
  const claims = holders.flatMap((holder) =>
    facts.graph.out(holder, 'claims').map(({ to }) => `${to.namespace}/${to.name}`),
  );
  const name = only([...new Set(claims)]);
  const own = facts.of('PersistentVolumeClaim').find((one) => isSame(one, diagnosis.subject));
  return own ?? facts.of('PersistentVolumeClaim').find((one) => `${one.namespace}/${one.name}` === name);
}

/** Half as much again on a claim whose class can grow it. */
export const largerClaim: Change<'resize_claim'> = {
  action: 'resize_claim',
  of: (scope) => {
    const claim = fullClaim(scope);
    const name = textAt(claim?.body, 'spec.storageClassName');
    const storageClass = scope.facts.of('StorageClass').find((one) => one.name === name);
    const now = parseQuantity(wordAt(claim?.body, 'spec.resources.requests.storage'));
    if (claim === undefined || now === undefined || !isTrueAt(storageClass?.body, 'allowVolumeExpansion'))
      return undefined;
    const wanted = Math.ceil((1.5 * now) / GIBI);
    // Rounded up to whole gibibytes a small claim would more than double.
    if (textAt(claim.body, 'status.phase') !== 'Bound' || wanted * GIBI > FACTOR * now) return undefined;
    return { target: subjectOf(claim), parameters: { storage: `${wanted}Gi` } };
  },
};

/** What one pod counts against a quota, by the quota's own names. */
function countedOf(pod: JsonObject): Record<string, number> {
  const sum = (path: string): number =>
    objectsAt(pod, 'containers').reduce((total, one) => total + (parseQuantity(wordAt(one, path)) ?? 0), 0);
  const counted: Record<string, number> = { pods: 1, 'count/pods': 1 };
  for (const resource of ['cpu', 'memory']) {
    const limit = sum(`resources.limits.${resource}`);
    counted[`limits.${resource}`] = limit;
    // A request that is not stated is taken from the limit.
    counted[`requests.${resource}`] = sum(`resources.requests.${resource}`) || limit;
    counted[resource] = counted[`requests.${resource}`] ?? 0;
  }
  return counted;
}

const written = (name: string, amount: number): string => {
  if (name.endsWith('memory')) return `${Math.ceil(amount / 2 ** 20)}Mi`;
  return name.endsWith('cpu') ? `${Math.ceil(amount * 1000 - 1e-6)}m` : String(Math.ceil(amount));
};

/** What a quota lacks for the pods that are still missing; undefined where it would have to be more than doubled. */
function raisedBy(quota: BundleObject, missing: Record<string, number>): Record<string, string> | undefined {
  const raised: Record<string, string> = {};
  for (const [name, hard] of Object.entries(objectAt(quota.body, 'spec.hard') ?? {})) {
    const bound = parseQuantity(String(hard));
    // Names such as `requests.cpu` have dots of their own, so a dotted path cannot reach them.
    const used = parseQuantity(String(objectAt(quota.body, 'status.used')?.[name] ?? 0));
    const needed = (used ?? 0) + (missing[name] ?? 0);
    if (bound === undefined || missing[name] === undefined || needed <= bound) continue;
    if (needed > FACTOR * bound) return undefined;
    raised[name] = written(name, needed);
  }
  return Object.keys(raised).length === 0 ? undefined : raised;
}

/** Raises the quota by what the missing pods of the workload request. */
export const largerQuota: Change<'set_quota'> = {
  action: 'set_quota',
  of: (scope) => {
    const workload = ownWorkload(scope);
    if (workload === undefined) return undefined;
    const { body } = workload.object;
    const pods = (numberAt(body, 'spec.replicas') ?? 1) - (numberAt(body, 'status.replicas') ?? 0);
    const one = countedOf(workload.pod);
    const missing = Object.fromEntries(Object.entries(one).map(([name, amount]) => [name, amount * Math.max(pods, 1)]));
    const quotas = scope.facts.of('ResourceQuota').filter(({ namespace }) => namespace === workload.object.namespace);
    const found = quotas.flatMap((quota) => {
      const hard = raisedBy(quota, missing);
      return hard === undefined ? [] : [{ target: subjectOf(quota), parameters: { hard } }];
    });
    return only(found);
  },
};

/** The autoscaler that the diagnosis is about, or that scales the subject. */
function autoscalerOf({ facts, diagnosis: { subject } }: Scope): BundleObject | undefined {
  if (subject.kind === 'HorizontalPodAutoscaler') return facts.graph.find(subject);
  const scaler = facts.graph.in(subject, 'scales')[0]?.from;
  return scaler === undefined ? undefined : facts.graph.find(scaler);
}

/** Half as many replicas again for an autoscaler that has reached its maximum. */
export const higherMaximum: Change<'set_autoscaler_bounds'> = {
  action: 'set_autoscaler_bounds',
  of: (scope) => {
    const scaler = autoscalerOf(scope);
    const most = numberAt(scaler?.body, 'spec.maxReplicas');
    const desired =
      numberAt(scaler?.body, 'status.desiredReplicas') ?? numberAt(scaler?.body, 'status.currentReplicas');
    if (scaler === undefined || most === undefined || desired === undefined || desired < most) return undefined;
    return { target: subjectOf(scaler), parameters: { max_replicas: Math.min(Math.ceil(1.5 * most), FACTOR * most) } };
  },
};

/** The budget that lets nothing go: the subject itself, or the one over the subject's pods. */
function strictBudget({ facts, diagnosis: { subject } }: Scope): BundleObject | undefined {
  const workload = facts.graph.find(subject);
  return facts
    .of('PodDisruptionBudget')
    .filter(({ body }) => numberAt(body, 'status.disruptionsAllowed') === 0)
    .find(
      (budget) =>
        isSame(budget, subject) ||
        (workload !== undefined &&
          budget.namespace === subject.namespace &&
          selects(objectAt(budget.body, 'spec.selector'), templateLabels(workload))),
    );
}

/** The budget lets one pod go, where all its pods are well and more than one of them would stay. */
export const looserBudget: Change<'set_disruption_budget'> = {
  action: 'set_disruption_budget',
  of: (scope) => {
    const budget = strictBudget(scope);
    const [healthy, expected] = ['currentHealthy', 'expectedPods'].map((one) =>
      numberAt(budget?.body, `status.${one}`),
    );
    if (budget === undefined || healthy === undefined || expected === undefined) return undefined;
    if (expected < 2 || healthy < expected) return undefined;
    const isCount = typeof valueAt(budget.body, 'spec.minAvailable') === 'number';
    const parameters = isCount ? { min_available: expected - 1 } : { max_unavailable: 1 };
    return { target: subjectOf(budget), parameters };
  },
};

const workloadUnder = ({ facts }: Scope, budget: BundleObject): Subject | undefined => {
  const under = [...facts.of('Deployment'), ...facts.of('StatefulSet')].filter(
    (one) => one.namespace === budget.namespace && selects(objectAt(budget.body, 'spec.selector'), templateLabels(one)),
  );
  const found = only(under);
  return found === undefined ? undefined : subjectOf(found);
};

/** The Deployment of which one pod runs under a budget that lets none go, where a second one would be like the first. */
function lonePodUnderBudget(scope: Scope): Subject | undefined {
  const budget = strictBudget(scope) ?? subjectObject(scope);
  const target = budget?.kind === 'PodDisruptionBudget' ? workloadUnder(scope, budget) : undefined;
  const workload = target === undefined ? undefined : scope.facts.graph.find(target);
  const isOne = workload !== undefined && (numberAt(workload.body, 'spec.replicas') ?? 1) === 1;
  if (target?.kind !== 'Deployment' || !isOne || podShapeOf(workload) === undefined) return undefined;
  // A volume for one node at a time does not take a second pod.
  return scope.facts.graph.out(target, 'claims').length > 0 ? undefined : target;
}

/**
 * A second replica for the only pod under a budget, unless something else decides how many there are. A second pod of a
 * StatefulSet has an empty store of its own behind the same Service, and nothing here tells whether the two would join.
 */
export const secondReplica: Change<'scale_workload'> = {
  action: 'scale_workload',
  of: (scope) => {
    const target = lonePodUnderBudget(scope);
    return target === undefined || scope.facts.graph.in(target, 'scales').length > 0
      ? undefined
      : { target, parameters: { replicas: 2 } };
  },
};

/** The same where an autoscaler decides: it would take a second replica away again as long as it may go down to one. */
export const higherMinimum: Change<'set_autoscaler_bounds'> = {
  action: 'set_autoscaler_bounds',
  of: (scope) => {
    const target = lonePodUnderBudget(scope);
    const edge = target === undefined ? undefined : only(scope.facts.graph.in(target, 'scales'));
    const scaler = edge === undefined ? undefined : scope.facts.graph.find(edge.from);
    if (scaler?.kind !== 'HorizontalPodAutoscaler' || (numberAt(scaler.body, 'spec.maxReplicas') ?? 1) < 2)
      return undefined;
    return { target: subjectOf(scaler), parameters: { min_replicas: 2 } };
  },
};
