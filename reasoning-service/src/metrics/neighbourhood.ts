import type { MeasuredSeries, Subject } from '@aetherius/shared/contracts';
import { callGraph, reachable } from '../rootcause/call-graph.ts';
import type { Call } from '../rootcause/series.ts';
import type { Workload } from './inventory-store.ts';

/** `namespace/name` of a workload, the name alone of a node: how the root-cause code calls both. */
export const entityOfSubject = ({ namespace, name }: Subject): string =>
  namespace === null ? name : `${namespace}/${name}`;

/** The workload or node behind what an incident is about: a pod and a service stand for the workload that they belong to. */
export function measuredSubject(subject: Subject, workloads: readonly Workload[]): Subject {
  const inside = workloads.filter((workload) => workload.subject.namespace === subject.namespace);
  const owner =
    subject.kind === 'Pod'
      ? inside.find(({ pods }) => pods.includes(subject.name))
      : subject.kind === 'Service'
        ? inside.find(({ services }) => services.includes(subject.name))
        : undefined;
  return owner?.subject ?? subject;
}

/** Calls that were observed, as the labels of call metrics name them. */
export const observedCalls = (all: readonly MeasuredSeries[]): Call[] => {
  const calls = all.flatMap(({ series: { labels } }) => {
    const { caller, callee } = labels;
    return caller === undefined || callee === undefined ? [] : [{ caller, callee }];
  });
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
};

/** A workload depends on its nodes as on a callee: a busy node slows what runs on it. */
export const placements = (workloads: readonly Workload[]): Call[] =>
  workloads.flatMap(({ subject, nodes }) => nodes.map((node) => ({ caller: entityOfSubject(subject), callee: node })));

/**
 * The entities whose metrics can explain an incident: what its subject depends on, and who calls it. Where no calls are
 * measured, the workloads of its namespace and their nodes.
 */
export function neighbourhood(
  subject: Subject,
  { calls, workloads }: { calls: readonly Call[]; workloads: readonly Workload[] },
): Set<string> {
  const entity = entityOfSubject(subject);
  const graph = callGraph([...calls, ...placements(workloads)]);
  const measured = calls.some(({ caller, callee }) => caller === entity || callee === entity);
  const beside = measured
    ? calls.filter(({ callee }) => callee === entity).map(({ caller }) => caller)
    : workloads.filter((one) => one.subject.namespace === subject.namespace).map((one) => entityOfSubject(one.subject));
  const around = [entity, ...beside];
  return new Set([...around, ...(measured ? [entity] : around).flatMap((one) => reachable(graph, one))]);
}
