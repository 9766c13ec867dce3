import { asArray, asObject, asString, at, type Json, type JsonObject } from '../store/json.ts';
import { kindNamed, resourceName } from '../store/kinds.ts';
import { addQuantity, formatQuantity, noQuantity, parseQuantity, type Quantity } from '../store/quantity.ts';

/** As much of an object as a quota looks at. */
export type Counted = { kind: string; metadata: { name?: string }; spec?: JsonObject; status?: JsonObject };

/** Amounts by the names a quota uses: `pods`, `requests.cpu`, `count/deployments.apps` ... */
export type Usage = { [resource: string]: Quantity };

const compute = new Set(['cpu', 'memory', 'ephemeral-storage']);
const countedByPlural = new Set([
  'pods',
  'services',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
]);
const one: Quantity = { milli: 1000n, binary: false };

/** Why a quota refuses an object, in the words of the API server; undefined when all let it in. */
export function quotaRefusal(asked: { object: Counted; quotas: Counted[]; existing: Counted[] }): string | undefined {
  const wanted = usageOf(asked.object);
  for (const quota of asked.quotas) {
    const hard = hardOf(quota);
    const silent = asked.object.kind === 'Pod' ? unstated(asked.object, hard) : [];
    if (silent.length > 0) return `failed quota: ${quota.metadata.name}: must specify ${silent.join('; ')}`;
    const used = quotaUsage(quota, asked.existing);
    const over = Object.keys(hard)
      .filter((name) => exceeds(name, { hard, used, wanted }))
      .sort();
    if (over.length === 0) continue;
    const show = (amounts: Usage): string => over.map((name) => `${name}=${written(amounts[name])}`).join(',');
    return `exceeded quota: ${quota.metadata.name}, requested: ${show(wanted)}, used: ${show(used)}, limited: ${show(hard)}`;
  }
  return undefined;
}

/** What the objects of a namespace use of what a quota limits. */
export function quotaUsage(quota: Counted, existing: Counted[]): Usage {
  const used: Usage = {};
  const usages = existing.map(usageOf);
  for (const name of Object.keys(hardOf(quota))) {
    used[name] = usages.map((usage) => usage[name] ?? noQuantity).reduce(addQuantity, noQuantity);
  }
  return used;
}

const written = (amount: Quantity | undefined): string => formatQuantity(amount ?? noQuantity);

const hardOf = (quota: Counted): Usage => quantities(asObject(at(quota.spec, 'hard')));

const quantities = (amounts: JsonObject): Usage =>
  Object.fromEntries(
    Object.entries(amounts).map(([name, text]) => [name, parseQuantity(asString(text)) ?? noQuantity]),
  );

function exceeds(name: string, { hard, used, wanted }: { hard: Usage; used: Usage; wanted: Usage }): boolean {
  const more = wanted[name]?.milli ?? 0n;
  return more > 0n && (used[name]?.milli ?? 0n) + more > (hard[name]?.milli ?? 0n);
}

/** What one object adds to a quota's account; a pod that has ended adds nothing. */
export function usageOf(object: Counted): Usage {
  const kind = kindNamed(object.kind);
  if (kind === undefined) return {};
  const counts: Usage = { [`count/${resourceName(kind)}`]: one };
  if (kind.group === '' && countedByPlural.has(kind.plural)) counts[kind.plural] = one;
  if (object.kind === 'Pod') return hasEnded(object) ? {} : { ...counts, ...podUsage(asObject(object.spec)) };
  if (object.kind === 'Service') return { ...counts, ...serviceUsage(asObject(object.spec)) };
  if (object.kind !== 'PersistentVolumeClaim') return counts;
  const storage = parseQuantity(asString(at(object.spec, 'resources', 'requests', 'storage')));
  return { ...counts, 'requests.storage': storage ?? noQuantity };
}

const hasEnded = ({ status }: Counted): boolean => ['Succeeded', 'Failed'].includes(asString(status?.['phase']));

function serviceUsage(spec: JsonObject): Usage {
  const usage: Usage = {};
  if (spec['type'] === 'LoadBalancer') usage['services.loadbalancers'] = one;
  if (spec['type'] === 'LoadBalancer' || spec['type'] === 'NodePort') usage['services.nodeports'] = one;
  return usage;
}

function podUsage(spec: JsonObject): Usage {
  const usage: Usage = {};
  for (const [side, amounts] of [
    ['requests', podAmounts(spec, 'requests')],
    ['limits', podAmounts(spec, 'limits')],
  ] as const) {
    for (const [name, amount] of Object.entries(amounts)) {
      usage[`${side}.${name}`] = amount;
      if (side === 'requests' && compute.has(name)) usage[name] = amount;
    }
  }
  return usage;
}

/** All containers run together; init containers one after the other, so the largest of them counts. */
function podAmounts(spec: JsonObject, side: 'requests' | 'limits'): Usage {
  const total: Usage = {};
  for (const amounts of asArray(spec['containers']).map((item) => amountsOf(item, side))) {
    for (const [name, amount] of Object.entries(amounts)) total[name] = addQuantity(total[name] ?? noQuantity, amount);
  }
  for (const amounts of asArray(spec['initContainers']).map((item) => amountsOf(item, side))) {
    for (const [name, amount] of Object.entries(amounts)) {
      if (amount.milli > (total[name]?.milli ?? 0n)) total[name] = amount;
    }
  }
  return total;
}

/** Where only a limit is given it is the request, too. */
function amountsOf(container: Json, side: 'requests' | 'limits'): Usage {
  const limits = asObject(at(container, 'resources', 'limits'));
  const requests = asObject(at(container, 'resources', 'requests'));
  return quantities(side === 'limits' ? limits : { ...limits, ...requests });
}

function unstated(pod: Counted, hard: Usage): string[] {
  const named = Object.keys(hard).filter((name) => compute.has(name.replace(/^(requests|limits)\./, '')));
  return named.sort().flatMap((name) => {
    const side = name.startsWith('limits.') ? 'limits' : 'requests';
    const resource = name.replace(/^(requests|limits)\./, '');
    const containers = asArray(pod.spec?.['containers']).filter(
      (item) => amountsOf(item, side)[resource] === undefined,
    );
    const names = containers.map((item) => asString(asObject(item)['name']));
    return names.length === 0 ? [] : [`${name} for: ${names.join(',')}`];
  });
}
