import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import type { Facts } from '../facts.ts';
import { serviceNamed } from '../graph/calls.ts';
import { carries, type Labels } from '../graph/label-selector.ts';
import { namespaceLabels, type PathEnd } from '../graph/network-policy.ts';
import { labelsOf, templateLabels } from '../graph/object-graph.ts';
import { isSame, subjectOf } from '../graph/object-key.ts';
import { workloadKinds } from '../graph/pod-spec.ts';
import { numberAt, objectsAt, textAt, textsAt, valueAt } from '../json-path.ts';

/** What a call goes to: the pods, the port at which they listen where that is known, and the path in words. */
export type FarEnd = { end: PathEnd; port: number | undefined; words: string };

/** Pods with these labels as one end of a path. */
export const endOf = (facts: Facts, namespace: string | null, labels: Labels): PathEnd => ({
  namespace,
  labels,
  namespaceLabels: namespaceLabels(facts.graph.find({ kind: 'Namespace', namespace: null, name: namespace ?? '' })),
});

/** The labels that pods mostly carry by the name under which they are known. */
export const labelsByName = (name: string): Labels => ({ app: name, name, 'app.kubernetes.io/name': name });

const isTold = (labels: Labels): boolean => Object.keys(labels).length > 0;

/** The labels of the pods that a selector takes; the selector itself where none of them is in the bundle. */
function selectedLabels(facts: Facts, namespace: string | null, selector: Labels): Labels {
  const workload = facts.bundle.objects.find(
    (one) => workloadKinds.has(one.kind) && one.namespace === namespace && carries(selector, templateLabels(one)),
  );
  const [pod] = facts.graph.podsWith(namespace, selector);
  return workload !== undefined ? templateLabels(workload) : pod !== undefined ? labelsOf(pod) : selector;
}

const slicesOf = (facts: Facts, service: Subject): BundleObject[] =>
  facts.graph.in(service, 'slices').flatMap(({ from }) => facts.graph.find(from) ?? []);

/** The pods that the slices of a Service name. */
const slicedPods = (facts: Facts, service: Subject): BundleObject[] =>
  slicesOf(facts, service)
    .flatMap(({ body }) => objectsAt(body, 'endpoints'))
    .filter((endpoint) => textAt(endpoint, 'targetRef.kind') === 'Pod')
    .flatMap((endpoint) => {
      const name = textAt(endpoint, 'targetRef.name') ?? '';
      return facts.graph.find({ kind: 'Pod', namespace: service.namespace, name }) ?? [];
    });

/** The labels behind a name whose selector is not told: those of its endpoints, else of the workload that is called the same. */
function labelsBehind(facts: Facts, service: Subject): Labels | undefined {
  const { namespace, name } = service;
  const isCalled = (one: BundleObject) => one.namespace === namespace && one.name === name;
  const workloads = facts.bundle.objects.filter((one) => workloadKinds.has(one.kind) && isCalled(one));
  const pods = facts.of('Pod').filter((pod) => pod.namespace === namespace && facts.top(subjectOf(pod)).name === name);
  return [...slicedPods(facts, service).map(labelsOf), ...workloads.map(templateLabels), ...pods.map(labelsOf)].find(
    isTold,
  );
}

/** The port of the pods behind a port of a Service. */
function listeningPort(service: BundleObject, port: number | undefined): number | undefined {
  const ports = objectsAt(service.body, 'spec.ports');
  const chosen = ports.find((one) => numberAt(one, 'port') === port) ?? (ports.length === 1 ? ports[0] : undefined);
  if (chosen === undefined) return port;
  return valueAt(chosen, 'targetPort') === undefined ? numberAt(chosen, 'port') : numberAt(chosen, 'targetPort');
}

/** Where nothing but slices tells the port of the pods, and they tell one. */
function slicedPort(facts: Facts, service: Subject): number | undefined {
  const ports = new Set(
    slicesOf(facts, service).flatMap(({ body }) => objectsAt(body, 'ports').map(({ port }) => port)),
  );
  const [port] = ports;
  return ports.size === 1 && typeof port === 'number' ? port : undefined;
}

/** The pods behind a Service or a pod of the bundle, or undefined where nothing tells their labels. */
export function farEnd(facts: Facts, target: Subject, port: number | undefined): FarEnd | undefined {
  const object = facts.graph.find(target);
  const words = `the path to ${target.kind} ${target.name}`;
  if (target.kind === 'Pod')
    return object === undefined ? undefined : { end: endOf(facts, target.namespace, labelsOf(object)), port, words };
  const selector = textsAt(object?.body, 'spec.selector');
  if (object !== undefined && isTold(selector)) {
    const labels = selectedLabels(facts, target.namespace, selector);
    return { end: endOf(facts, target.namespace, labels), port: listeningPort(object, port), words };
  }
  const labels = labelsBehind(facts, target);
  return labels && { end: endOf(facts, target.namespace, labels), port: slicedPort(facts, target), words };
}

type Called = { target: string; port: number | undefined; namespace: string | null };

/** The one Service whose endpoints listen at a port, when an address tells no more. */
function onlyListener(facts: Facts, { port, namespace }: Called): Subject | undefined {
  const services = [...facts.of('EndpointSlice')]
    .filter(
      (slice) => slice.namespace === namespace && objectsAt(slice.body, 'ports').some((one) => one['port'] === port),
    )
    .flatMap((slice) => facts.graph.out(subjectOf(slice), 'slices').map(({ to }) => to));
  const [first] = services;
  return first !== undefined && services.every((one) => isSame(one, first)) ? first : undefined;
}

/** The far end where the bundle has no object for it: pods are mostly labelled with the name by which they are called. */
export function assumedEnd(facts: Facts, called: Called): FarEnd | undefined {
  const { target, namespace } = called;
  const service = serviceNamed(target, namespace)?.service;
  if (service !== undefined) {
    const known = farEnd(facts, service, called.port);
    return (
      known ?? {
        end: endOf(facts, service.namespace, labelsByName(service.name)),
        port: called.port,
        words: `the path to ${service.name}`,
      }
    );
  }
  if (!/^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?$/.test(target)) return undefined;
  const listener = onlyListener(facts, called);
  const listening = listener === undefined ? undefined : farEnd(facts, listener, called.port);
  const end = { ...endOf(facts, '', {}), isAddress: true };
  return listening ?? { end, port: called.port, words: `the path to ${target}` };
}
