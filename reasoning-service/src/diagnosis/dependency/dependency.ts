import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import type { Facts } from '../facts.ts';
import { serviceNamed } from '../graph/calls.ts';
import { subjectOf } from '../graph/object-key.ts';
import { workloadKinds } from '../graph/pod-spec.ts';
import { objectsAt, textAt, wordsAt } from '../json-path.ts';
import { spelled } from '../messages/endpoint.ts';
import type { Cause } from '../messages/log-signature.ts';
import { HOST } from '../messages/signatures/host.ts';
import { nameAt } from './address-book.ts';
import { nameServerBehind } from './name-server.ts';

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

/** `pod.service.namespace`, with `.svc…` or without, where the pod is there and the Service that gives it its name is not. */
function podNamed(facts: Facts, text: string): Subject | undefined {
  const [, name = '', namespace = ''] =
    /^(?:[a-z][a-z0-9+.-]{0,30}:\/\/)?([a-z0-9-]{1,63})\.[a-z0-9-]{1,63}\.([a-z0-9-]{1,63})(?:\.svc\b|(?::\d{1,5})?$)/.exec(
      text,
    ) ?? [];
  const pod = { kind: 'Pod', namespace, name };
  return facts.graph.find(pod) === undefined ? undefined : pod;
}

/** What runs under the name of a Service that is not told: mostly it stands behind that. A whole listing tells that there is none. */
function namesake(facts: Facts, { namespace, name }: Subject): Subject | undefined {
  if (facts.graph.isWhole('Service', namespace)) return undefined;
  return facts.bundle.objects
    .filter((one) => one.namespace === namespace && (one.kind === 'Pod' || workloadKinds.has(one.kind)))
    .map((one) => facts.top(subjectOf(one)))
    .find((one) => one.name === name && one.kind !== 'Job' && one.kind !== 'CronJob');
}

/** What of the bundle stands at an address which a program names, or undefined for what lies outside: a Service, or what runs behind it. */
function dependencyAt(facts: Facts, target: string, namespace: string | null): Subject | undefined {
  const text = trimmed(target);
  const ip = ipAddress.exec(text)?.[1];
  if (ip !== undefined) return atAddress(facts, ip);
  const service = serviceNamed(text, namespace)?.service;
  if (service !== undefined && facts.graph.find(service) !== undefined) return service;
  return podNamed(facts, text) ?? ofPodName(facts, text, namespace) ?? (service && namesake(facts, service));
}

const host = new RegExp(HOST, 'g');

/** A number behind which a name may stand, or a word of the sentence where no name was found. */
const leavesOpen = (target: string): boolean =>
  target === '' || ipAddress.test(trimmed(target)) || /^(?:server|host|address|upstream|database)$/i.test(target);

/** What a program lacks according to a cause that its log names; an address that nobody has may stand beside the name that was called. */
export function dependencyOf(
  facts: Facts,
  { category, target, endpoint, statement: { text } }: Cause,
  namespace: string | null,
): Subject | undefined {
  const called = dependencyAt(facts, target, namespace);
  const server = category === 'dns_failure' ? nameServerBehind(facts, text, called) : undefined;
  const known = server ?? called;
  if (known !== undefined || !leavesOpen(target)) return known;
  const told = endpoint === undefined ? [] : [spelled(endpoint), endpoint.ip ?? ''];
  for (const name of [...told, ...[...text.matchAll(host)].map(([one]) => one)]) {
    const found = dependencyAt(facts, name, namespace);
    if (found !== undefined) return found;
  }
  return knownToOthers(facts, endpoint?.host ?? target);
}

/** What other programs call by a name that they say to stand at an address. */
function knownToOthers(facts: Facts, address: string): Subject | undefined {
  const ip = ipAddress.exec(trimmed(address))?.[1];
  const called = ip === undefined ? undefined : nameAt(facts, ip);
  return called && dependencyAt(facts, called.host, called.namespace);
}

const hostAndPort =
  /^(?:[a-z][a-z0-9+.:-]{0,30}:\/\/)?(?:[^@/\s]{0,120}@)?(\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(:\d{1,5})?(?:[/?].{0,200})?$/i;
/** Everybody has one of his own at these. */
const atHome = /^(?:localhost|127\.|0\.0\.0\.0|169\.254\.|\[?::1)/i;

/** Whom a cause names, with the port that its words tell apart. */
function called({ target, endpoint }: Cause): string {
  const [, host, port] = hostAndPort.exec(trimmed(target)) ?? [];
  if (endpoint === undefined || (host !== undefined && port !== undefined)) return target;
  return leavesOpen(target) || host === endpoint.host ? spelled(endpoint) : target;
}

/** The address that a cause names, as something that several programs may find dead; a short name is one of its namespace. */
export function addressOf(cause: Cause, namespace: string | null): Subject | undefined {
  const { category } = cause;
  const [, host, port = ''] = hostAndPort.exec(trimmed(called(cause))) ?? [];
  if (host === undefined || atHome.test(host)) return undefined;
  const isWhole = /[.:]/.test(host);
  // A bare word where nothing was to be resolved may be no host at all.
  const isAddress = category === 'dns_failure' || (category === 'dependency_unreachable' && (isWhole || port !== ''));
  return isAddress
    ? { kind: 'Address', namespace: isWhole ? null : namespace, name: `${host}${port}`.toLowerCase() }
    : undefined;
}
