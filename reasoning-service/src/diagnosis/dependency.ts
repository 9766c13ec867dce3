import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import type { Facts } from './facts.ts';
import { serviceNamed } from './graph/calls.ts';
import { subjectOf } from './graph/object-key.ts';
import { objectsAt, textAt, wordsAt } from './json-path.ts';

const ipAddress = /^\[?(\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]{3,45})\]?(?::\d{1,5})?$/i;
const trimmed = (target: string): string => target.replace(/^["'(]+|["'),.;]+$/g, '');

/** Where addresses stand in objects of a kind. */
const addressesOf: Record<string, (object: BundleObject) => (string | undefined)[]> = {
  Service: ({ body }) => [
    textAt(body, 'spec.clusterIP'),
    ...wordsAt(body, 'spec.clusterIPs'),
    ...wordsAt(body, 'spec.externalIPs'),
    ...objectsAt(body, 'status.loadBalancer.ingress').map((one) => textAt(one, 'ip')),
  ],
  Pod: ({ body }) => [
    textAt(body, 'status.podIP'),
    ...objectsAt(body, 'status.podIPs').map((one) => textAt(one, 'ip')),
  ],
  EndpointSlice: ({ body }) => objectsAt(body, 'endpoints').flatMap((one) => wordsAt(one, 'addresses')),
  Endpoints: ({ body }) =>
    objectsAt(body, 'subsets').flatMap((subset) =>
      objectsAt(subset, 'addresses').map((address) => textAt(address, 'ip')),
    ),
};

/** What stands at an address: a Service, a pod, or the Service whose endpoints have it. */
function atAddress(facts: Facts, ip: string): Subject | undefined {
  for (const [kind, addresses] of Object.entries(addressesOf)) {
    const found = facts.of(kind).find((object) => addresses(object).includes(ip));
    if (found === undefined) continue;
    return facts.graph.out(subjectOf(found), 'slices')[0]?.to ?? subjectOf(found);
  }
  return undefined;
}

/** `pod.service` within one namespace looks like `service.namespace`; what exists tells them apart. */
function ofPodName(facts: Facts, text: string, namespace: string | null): Subject | undefined {
  const name = /^[a-z0-9-]{1,63}\.([a-z0-9-]{1,63})(?::\d{1,5})?$/.exec(text)?.[1];
  const service = { kind: 'Service', namespace, name: name ?? '' };
  return name === undefined || facts.graph.find(service) === undefined ? undefined : service;
}

/** The Service or pod of the bundle that stands at an address which a program names, or undefined for what lies outside. */
export function dependencyAt(facts: Facts, target: string, namespace: string | null): Subject | undefined {
  const text = trimmed(target);
  const ip = ipAddress.exec(text)?.[1];
  if (ip !== undefined) return atAddress(facts, ip);
  const service = serviceNamed(text, namespace)?.service;
  return service !== undefined && facts.graph.find(service) !== undefined ? service : ofPodName(facts, text, namespace);
}
