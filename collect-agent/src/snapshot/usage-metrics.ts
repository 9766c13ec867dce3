import { type Bundle, type JsonObject, parseQuantity } from '@aetherius/shared/contracts';
import { asObject, text } from '../evidence/bundle-items.ts';

type Metric = Bundle['metrics'][number];

/** Processor time in cores and memory in bytes of a node, as the metrics API has them. */
export function nodeUsage(node: JsonObject, at: string): Metric[] {
  return points({ node: nameOf(node) }, asObject(node['usage']), at);
}

/** The same of each container of a pod. */
export function podUsage(pod: JsonObject, at: string): Metric[] {
  const namespace = text(asObject(pod['metadata'])['namespace']) ?? '';
  const containers = Array.isArray(pod['containers']) ? pod['containers'].map(asObject) : [];
  return containers.flatMap((container) =>
    points({ namespace, pod: nameOf(pod), container: text(container['name']) ?? '' }, asObject(container['usage']), at),
  );
}

const nameOf = (object: JsonObject): string => text(asObject(object['metadata'])['name']) ?? '';

function points(labels: Record<string, string>, usage: JsonObject, at: string): Metric[] {
  const where = Object.values(labels).join('/');
  const point = (name: string, value: number | undefined): Metric[] =>
    value === undefined ? [] : [{ id: `metric:${name}/${where}`, name, labels, points: [[at, value]] }];
  return [
    ...point('cpu_usage_cores', parseQuantity(usage['cpu'])),
    ...point('memory_usage_bytes', parseQuantity(usage['memory'])),
  ];
}
