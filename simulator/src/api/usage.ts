import { parseQuantity } from '../controllers/quantity.ts';
import type { JsonObject } from '../store/json.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** What something uses, in cores and bytes. */
export type Usage = { cores: number; bytes: number };

const group = 'metrics.k8s.io';
const mib = 1024 ** 2;
const usual: Usage = { cores: 0.05, bytes: 64 * mib };
const SHARE = 0.4;

/** Reads `/apis/metrics.k8s.io/v1beta1/[namespaces/NAMESPACE/](pods|nodes)`. */
export function usageRequest(path: string): { namespace?: string; resource: 'pods' | 'nodes' } | undefined {
  const [, , namespace, resource] =
    /^\/apis\/metrics\.k8s\.io\/v1beta1\/(namespaces\/([^/]+)\/)?(pods|nodes)$/.exec(path) ?? [];
  if (resource === undefined || (resource === 'nodes' && namespace !== undefined)) return undefined;
  return { ...(namespace === undefined ? {} : { namespace }), resource: resource as 'pods' | 'nodes' };
}

type Part = { name: string; resources?: { requests?: Record<string, string> } };
type PodView = { spec?: { containers?: Part[]; nodeName?: string }; status?: { phase?: string } };

/** A share of what a container asks for, moving a little with the minute, so that it looks measured. */
function usageOf({ name, resources }: Part, now: Date): Usage {
  const { cpu, memory } = resources?.requests ?? {};
  const wave = 1 + 0.05 * Math.sin(now.getTime() / 240_000 + name.length);
  return {
    cores: wave * (cpu === undefined ? usual.cores : SHARE * parseQuantity(cpu)),
    bytes: wave * (memory === undefined ? usual.bytes : SHARE * parseQuantity(memory)),
  };
}

const written = ({ cores, bytes }: Usage): JsonObject => ({
  cpu: `${Math.round(cores * 1e9)}n`,
  memory: `${Math.round(bytes / 1024)}Ki`,
});

const list = (kind: string, items: JsonObject[]): JsonObject => ({
  kind: `${kind}List`,
  apiVersion: `${group}/v1beta1`,
  metadata: {},
  items,
});

/** What metrics-server says of the pods that run, and of nodes as the sum of theirs. */
export function usageList(
  store: ObjectStore,
  { namespace, resource }: NonNullable<ReturnType<typeof usageRequest>>,
  now: Date,
): JsonObject {
  const running = store
    .list('Pod', namespace)
    .map((pod) => ({ metadata: pod.metadata, ...(pod as unknown as PodView) }))
    .filter(({ status }) => status?.phase === 'Running');
  const measured = { timestamp: now.toISOString(), window: '15s' };
  if (resource === 'pods') {
    const items = running.map(({ metadata: { name, namespace = '' }, spec }) => ({
      metadata: { name, namespace },
      ...measured,
      containers: (spec?.containers ?? []).map((part) => ({ name: part.name, usage: written(usageOf(part, now)) })),
    }));
    return list('PodMetrics', items);
  }
  const items = store.list('Node').map(({ metadata: { name } }) => {
    const parts = running.filter(({ spec }) => spec?.nodeName === name).flatMap(({ spec }) => spec?.containers ?? []);
    const all = parts.map((part) => usageOf(part, now));
    const sum = (pick: (one: Usage) => number) => all.reduce((total, one) => total + pick(one), 0);
    const usage = written({ cores: 0.1 + sum(({ cores }) => cores), bytes: 256 * mib + sum(({ bytes }) => bytes) });
    return { metadata: { name }, ...measured, usage };
  });
  return list('NodeMetrics', items);
}
