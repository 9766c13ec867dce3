import type { JsonObject, Subject } from '@aetherius/shared/contracts';
import { asObject, text } from '../evidence/bundle-items.ts';
import { topSubject } from '../signals/fingerprint.ts';
import { nodeUsage, podUsage } from '../snapshot/usage-metrics.ts';
import type { Facts } from '../watch/cluster-state.ts';
import type { Sample } from './sample.ts';

type Used = { cpu: number; memory: number };

/** A workload's pods come and go, so its series is what a pod of it uses: processor time on average, memory at most. */
const perPod = (pods: readonly Used[]): Used => ({
  cpu: pods.reduce((sum, { cpu }) => sum + cpu, 0) / pods.length,
  memory: Math.max(...pods.map(({ memory }) => memory)),
});

type Measured = { name: string; value: number | null };
const sampled = (subject: Subject, at: string, measured: readonly Measured[]): Sample[] =>
  measured.map(({ name, value }) => ({ series: { name, labels: {} }, subject, points: [[at, value]] }));

const usageSamples = (subject: Subject, at: string, used: Used | undefined): Sample[] =>
  sampled(subject, at, [
    { name: 'cpu_usage_cores', value: used?.cpu ?? null },
    { name: 'memory_usage_bytes', value: used?.memory ?? null },
  ]);

/** Both figures of an object, or nothing when one cannot be read. */
function usedBy(metrics: ReturnType<typeof podUsage>): Used | undefined {
  const sum = (name: string) => {
    const points = metrics.filter((metric) => metric.name === name).flatMap((metric) => metric.points);
    return points.length === 0 ? undefined : points.reduce((total, [, value]) => total + value, 0);
  };
  const [cpu, memory] = [sum('cpu_usage_cores'), sum('memory_usage_bytes')];
  return cpu === undefined || memory === undefined ? undefined : { cpu, memory };
}

const nameOf = (object: JsonObject): string => text(asObject(object['metadata'])['name']) ?? '';
const namespaceOf = (object: JsonObject): string => text(asObject(object['metadata'])['namespace']) ?? '';

/** Pods of the view by the workload on top of them. */
export function workloadsOf(facts: Facts): { subject: Subject; pods: ReturnType<typeof podsOf> }[] {
  const groups = Map.groupBy(podsOf(facts), (pod) => JSON.stringify(topSubject(facts, pod)));
  return [...groups].map(([subject, pods]) => ({ subject: JSON.parse(subject) as Subject, pods }));
}

/** Whether an object still is: a node, or a workload that has pods; one scaled to none has nothing to measure either. */
export function presentIn(facts: Facts): (subject: Subject) => boolean {
  const workloads = new Set(workloadsOf(facts).map(({ subject }) => JSON.stringify(subject)));
  return (subject) =>
    subject.kind === 'Node'
      ? facts.find('Node', subject.namespace, subject.name) !== undefined
      : workloads.has(JSON.stringify(subject));
}

const podsOf = (facts: Facts) => facts.all('Pod').filter(({ status }) => status.phase !== 'Succeeded');

/** What workloads and nodes use, by the metrics API; a workload whose pods run but are not measured has a gap, not a zero. */
export function usageSamplesOf(
  { pods, nodes }: { pods: readonly JsonObject[]; nodes: readonly JsonObject[] },
  facts: Facts,
  at: string,
): Sample[] {
  const used = new Map(pods.map((pod) => [`${namespaceOf(pod)}/${nameOf(pod)}`, usedBy(podUsage(pod, at))]));
  const ofWorkloads = workloadsOf(facts).flatMap(({ subject, pods }) => {
    const running = pods.filter(({ status }) => status.phase === 'Running');
    if (running.length === 0) return [];
    const found = running.flatMap(({ metadata }) => used.get(`${metadata.namespace}/${metadata.name}`) ?? []);
    const restarts = running
      .flatMap(({ status }) => status.containerStatuses ?? [])
      .reduce((sum, { restartCount }) => sum + restartCount, 0);
    return [
      ...usageSamples(subject, at, found.length === 0 ? undefined : perPod(found)),
      ...sampled(subject, at, [{ name: 'container_restarts_total', value: restarts }]),
    ];
  });
  const ofNodes = nodes.flatMap((node) =>
    usageSamples({ kind: 'Node', namespace: null, name: nameOf(node) }, at, usedBy(nodeUsage(node, at))),
  );
  return [...ofWorkloads, ...ofNodes];
}
