import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { objectsAt, textAt } from '../diagnosis/json-path.ts';
import { timestamp } from './moment.ts';
import { type Reading, reading } from './reading.ts';

const suffixes: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** A Kubernetes quantity as a number, or undefined when it is none (`<unknown>`). */
function quantityOf(text: string): number | undefined {
  const [, amount, suffix = ''] = /^(\d+(?:\.\d+)?)([a-zA-Z]{0,2})$/.exec(text.trim()) ?? [];
  const factor = suffixes[suffix];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}

type Usage = { cpu: string | undefined; memory: string | undefined };

/** Processor time in cores and memory in bytes, one point each. */
export function usageMetrics(labels: Record<string, string>, { cpu, memory }: Usage, at: string): Reading['metrics'] {
  const point = (name: string, text: string | undefined): Reading['metrics'] => {
    const value = text === undefined ? undefined : quantityOf(text);
    return value === undefined ? [] : [{ name, labels, points: [[at, value]] }];
  };
  return [...point('cpu_usage_cores', cpu), ...point('memory_usage_bytes', memory)];
}

const usageAt = (body: Json): Usage => ({ cpu: textAt(body, 'usage.cpu'), memory: textAt(body, 'usage.memory') });

/** What the metrics API says of a pod or a node. */
export function readUsage(value: JsonObject, at: string): Reading {
  const name = textAt(value, 'metadata.name') ?? '';
  const namespace = textAt(value, 'metadata.namespace') ?? '';
  const when = timestamp(textAt(value, 'timestamp')) ?? at;
  if (textAt(value, 'kind') === 'NodeMetrics')
    return reading({ metrics: usageMetrics({ node: name }, usageAt(value), when) });
  const metrics = objectsAt(value, 'containers').flatMap((container) =>
    usageMetrics({ namespace, pod: name, container: textAt(container, 'name') ?? '' }, usageAt(container), when),
  );
  return reading({ metrics });
}
