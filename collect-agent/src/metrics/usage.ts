import { type JsonObject, parseQuantity, type Subject } from '@aetherius/shared/contracts';
import { asObject, text } from '../evidence/bundle-items.ts';
import type { Pod } from '../kube/objects.ts';
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

/** The fullest container's share of its memory limit; null where one has a limit and none is measured. */
function limitShares(pods: readonly Pod[], measured: ReadonlyMap<string, ReturnType<typeof podUsage>>): Measured[] {
  if (pods.every(({ spec }) => Object.keys(spec.memoryLimits).length === 0)) return [];
  const shares = pods.flatMap(({ metadata, spec }) =>
    (measured.get(`${metadata.namespace}/${metadata.name}`) ?? []).flatMap(({ name, labels, points }) => {
      const limit = parseQuantity(spec.memoryLimits[labels['container'] ?? '']);
      const used = points[0]?.[1];
      return name !== 'memory_usage_bytes' || !limit || used === undefined ? [] : [used / limit];
    }),
  );
  return [{ name: 'memory_limit_ratio', value: shares.length === 0 ? null : Math.max(...shares) }];
}

const nameOf = (object: JsonObject): string => text(asObject(object['metadata'])['name']) ?? '';
const namespaceOf = (object: JsonObject): string => text(asObject(object['metadata'])['namespace']) ?? '';

/** Pods of the view by the workload on top of them. */
export function workloadsOf(facts: Facts): { subject: Subject; pods: ReturnType<typeof podsOf> }[] {
  const groups = Map.groupBy(podsOf(facts), (pod) => JSON.stringify(topSubject(facts, pod)));
  return [...groups].map(([subject, pods]) => ({ subject: JSON.parse(subject) as Subject, pods }));
}

/** Whether an object still is: a node, a claim, or a workload that has pods; one scaled to none has nothing to measure either. */
export function presentIn(facts: Facts): (subject: Subject) => boolean {
  const workloads = new Set(workloadsOf(facts).map(({ subject }) => JSON.stringify(subject)));
  return (subject) =>
    subject.kind === 'Node' || subject.kind === 'PersistentVolumeClaim'
      ? facts.find(subject.kind, subject.namespace, subject.name) !== undefined
      : workloads.has(JSON.stringify(subject));
}

const podsOf = (facts: Facts) => facts.all('Pod').filter(({ status }) => status.phase !== 'Succeeded');

/** What workloads and nodes use, by the metrics API; a workload whose pods run but are not measured has a gap, not a zero. */
export function usageSamplesOf(
  { pods, nodes }: { pods: readonly JsonObject[]; nodes: readonly JsonObject[] },
  facts: Facts,
  at: string,
): Sample[] {
  const measured = new Map(pods.map((pod) => [`${namespaceOf(pod)}/${nameOf(pod)}`, podUsage(pod, at)]));
  const ofWorkloads = workloadsOf(facts).flatMap(({ subject, pods }) => {
    const running = pods.filter(({ status }) => status.phase === 'Running');
    if (running.length === 0) return [];
    const found = running.flatMap(
      ({ metadata }) => usedBy(measured.get(`${metadata.namespace}/${metadata.name}`) ?? []) ?? [],
    );
    const restarts = running
      .flatMap(({ status }) => status.containerStatuses ?? [])
      .reduce((sum, { restartCount }) => sum + restartCount, 0);
    return [
      ...usageSamples(subject, at, found.length === 0 ? undefined : perPod(found)),
      ...sampled(subject, at, [
        { name: 'container_restarts_total', value: restarts },
        ...limitShares(running, measured),
      ]),
    ];
  });
  const ofNodes = nodes.flatMap((node) =>
    usageSamples({ kind: 'Node', namespace: null, name: nameOf(node) }, at, usedBy(nodeUsage(node, at))),
  );
  return [...ofWorkloads, ...ofNodes];
}
