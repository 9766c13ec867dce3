import { conditionOf } from '../conditions.ts';
import { tolerates } from '../scheduler/tolerations.ts';
import type { Node, Taint, Toleration } from '../types.ts';

const prefix = 'node.kubernetes.io/';
const ownTaints = new Set(
  ['not-ready', 'unreachable', 'disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map(
    (name) => prefix + name,
  ),
);
const pressures = { DiskPressure: 'disk-pressure', MemoryPressure: 'memory-pressure', PIDPressure: 'pid-pressure' };

/** The taints that a node's conditions call for, beside those that somebody else has put on it. */
export function taintsFor({ spec, status }: Node, now: string): Taint[] {
  const present = spec?.taints ?? [];
  const names: [string, Taint['effect']][] = [];
  const ready = conditionOf(status?.conditions, 'Ready')?.status;
  if (ready === 'False') names.push(['not-ready', 'NoSchedule'], ['not-ready', 'NoExecute']);
  if (ready === 'Unknown') names.push(['unreachable', 'NoSchedule'], ['unreachable', 'NoExecute']);
  for (const [condition, name] of Object.entries(pressures)) {
    if (conditionOf(status?.conditions, condition)?.status === 'True') names.push([name, 'NoSchedule']);
  }
  if (spec?.unschedulable) names.push(['unschedulable', 'NoSchedule']);
  const wanted = names.map(([name, effect]): Taint => {
    const same = present.find((taint) => taint.key === prefix + name && taint.effect === effect);
    return same ?? { key: prefix + name, effect, timeAdded: now };
  });
  return [...present.filter(({ key }) => !ownTaints.has(key)), ...wanted];
}

/** How many seconds a pod may stay in spite of NoExecute taints: zero when one is not tolerated, infinite when all are for good. */
export function staySeconds(taints: readonly Taint[], tolerations: readonly Toleration[]): number {
  const limits = taints
    .filter(({ effect }) => effect === 'NoExecute')
    .map((taint) => {
      const matching = tolerations.filter((toleration) => tolerates(toleration, taint));
      if (matching.length === 0) return 0;
      return Math.min(...matching.map(({ tolerationSeconds }) => tolerationSeconds ?? Number.POSITIVE_INFINITY));
    });
  return Math.min(Number.POSITIVE_INFINITY, ...limits);
}
