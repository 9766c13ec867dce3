import { type EndpointSlice, refOf, type Service } from '../kube/objects.ts';
import { type Facts, subjectOf } from '../watch/cluster-state.ts';
import type { Health } from './health.ts';
import { latest, type Signal } from './signal.ts';

/** A workload that is just being put up may come after its Service. */
const MISMATCH_MS = 10_000;

/** Whether labels carry everything that a selector asks for. */
const matches = (selector: Record<string, string>, labels: Record<string, string> | undefined): boolean =>
  Object.entries(selector).every(([name, value]) => labels?.[name] === value);

const slicesOf = (service: Service, facts: Facts): EndpointSlice[] =>
  facts
    .inNamespace('EndpointSlice', service.metadata.namespace ?? '')
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name);

/** Which state of its addresses a Service is in: they count up with each change, a Service itself does not. */
const addressesMark = (service: Service, facts: Facts): string =>
  slicesOf(service, facts)
    .map(({ metadata }) => `${metadata.uid}:${metadata.generation ?? 0}`)
    .sort()
    .join(' ');

const selectorOf = ({ spec }: Service): Record<string, string> | undefined =>
  spec.type === 'ExternalName' || Object.keys(spec.selector ?? {}).length === 0 ? undefined : spec.selector;

const templated = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'] as const;

/** Scaled to nothing is a wish, not a fault, so templates count as well as pods. */
function selectsSomething(service: Service, selector: Record<string, string>, facts: Facts): boolean {
  const namespace = service.metadata.namespace ?? '';
  return (
    facts.inNamespace('Pod', namespace).some(({ metadata }) => matches(selector, metadata.labels)) ||
    templated.some((kind) =>
      facts.inNamespace(kind, namespace).some(({ spec }) => matches(selector, spec.templateLabels)),
    )
  );
}

/** A Service whose selector finds nothing although there are pods beside it: a typo, or a label that was renamed. */
export function fromService(service: Service, facts: Facts): Signal[] {
  const selector = selectorOf(service);
  const namespace = service.metadata.namespace ?? '';
  if (selector === undefined || service.metadata.deletionTimestamp !== undefined) return [];
  if (facts.inNamespace('Pod', namespace).length === 0 || selectsSomething(service, selector, facts)) return [];
  const wanted = Object.entries(selector).map(([name, value]) => `${name}=${value}`);
  return [
    {
      type: 'k8s_state',
      signal: 'fault',
      severity: 'high',
      reason: 'SelectorMatchesNothing',
      message: `the selector ${wanted.join(',')} matches no pod and no workload of namespace ${namespace}`,
      source: 'service-status',
      object: refOf(service),
      subject: subjectOf(service),
      node: null,
      count: 1,
      at: undefined,
      identity: [service.metadata.uid, '', 'SelectorMatchesNothing', ...wanted, addressesMark(service, facts)],
      holdMs: MISMATCH_MS,
    },
  ];
}

/** A Service is well when an address behind it serves. */
export function serviceHealth(service: Service, facts: Facts): Health {
  const slices = slicesOf(service, facts);
  if (selectorOf(service) === undefined || !slices.some(({ status }) => (status.ready ?? 0) > 0)) return undefined;
  return { since: latest(slices.map(({ status }) => status.changedAt)), shaky: false };
}
