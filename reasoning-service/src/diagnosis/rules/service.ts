import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import { carries, type Labels } from '../graph/label-selector.ts';
import { type Bearer, bearersOf, type Near, nearest } from '../graph/nearest-labels.ts';
import { subjectOf } from '../graph/object-key.ts';
import { workloadKinds } from '../graph/pod-spec.ts';
import { ageOf } from '../health/health.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { numberAt, objectAt, objectsAt, textAt, textsAt } from '../json-path.ts';
import { type Finding, finding } from '../said.ts';
import { isAskedFor, sleeps } from '../scale-to-zero.ts';

const inWords = (selector: Labels): string =>
  Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

/** Endpoints that serve, counted from slices, from Endpoints, or from the agent's own count; undefined where none is there. */
export function readyAddresses(facts: Facts, service: Subject): number | undefined {
  const slices = facts.graph.in(service, 'slices').flatMap(({ from }) => facts.graph.find(from) ?? []);
  if (slices.length === 0) return undefined;
  const hasPorts = objectsAt(facts.graph.find(service)?.body, 'spec.ports').length > 0;
  return slices.reduce((sum, { body }) => {
    const counted = numberAt(body, 'status.ready');
    // Where no pod has the named port, the addresses are listed without any.
    if (hasPorts && body['endpoints'] !== undefined && objectsAt(body, 'ports').length === 0 && 'ports' in body)
      return sum;
    const ready = objectsAt(body, 'endpoints').filter((one) => objectAt(one, 'conditions')?.['ready'] !== false);
    const addresses = objectsAt(body, 'subsets').flatMap((subset) => objectsAt(subset, 'addresses'));
    return sum + (counted ?? ready.length + addresses.length);
  }, 0);
}

type Look = { facts: Facts; service: BundleObject; selector: Labels; bearers: Bearer[] };

function noMatch({ facts, service, selector, bearers }: Look): Hypothesis[] {
  const subject = subjectOf(service);
  const near = nearest(service, selector, bearers);
  const isKnown =
    bearers.length > 0 || facts.graph.isWhole('Pod', service.namespace) || readyAddresses(facts, subject) === 0;
  if (!isKnown) return [];
  const wanted = inWords(selector);
  const about =
    near === undefined
      ? ''
      : near.found === undefined
        ? `; pods carry no label ${near.key}`
        : `; pods carry ${near.key}=${near.found}, not ${near.wanted}`;
  return [
    finding({
      category: near === undefined ? 'service_no_endpoints' : 'service_selector_mismatch',
      subject,
      description: `the selector ${wanted} matches no pod${about}`,
      weight: near === undefined ? (bearers.length > 0 ? 0.75 : 0.7) : 0.95,
      evidence: [
        ...citeObject(service, near === undefined ? 'spec.selector.' : `spec.selector.${near.key}`),
        ...(near === undefined ? [] : nearEvidence(near)),
        ...emptySlices(facts, subject),
      ],
    }),
  ];
}

const nearEvidence = ({ bearer, key, found }: Near): Evidence[] =>
  citeObject(bearer.object, found === undefined ? 'labels.' : `labels.${key}: ${found}`);

const emptySlices = (facts: Facts, service: Subject): Evidence[] =>
  facts.graph
    .in(service, 'slices')
    .slice(0, 1)
    .flatMap(({ from }) => {
      const slice = facts.graph.find(from);
      return slice === undefined ? [] : citeObject(slice, 'ready');
    });

/** Who has no replicas was told to have none: that is grave only where somebody asks for the service. */
const told = (facts: Facts, service: BundleObject, isIdle: boolean, found: Finding): Hypothesis => ({
  ...finding(found),
  ...(isIdle && !isAskedFor(facts, service) ? { severity: 'low' } : {}),
});

function notReady({ facts, service, selector, bearers }: Look): Hypothesis[] {
  const pods = bearers.filter(({ object, labels }) => object.kind === 'Pod' && carries(selector, labels));
  const workloads = bearers.filter(({ object, labels }) => object.kind !== 'Pod' && carries(selector, labels));
  const serves = pods.some(({ object }) => ['healthy', 'progressing', 'unclear'].includes(facts.health(object).state));
  const ready = readyAddresses(facts, subjectOf(service));
  const idle = workloads.find(({ object }) => numberAt(object.body, 'spec.replicas') === 0);
  const isEmpty = (pods.length > 0 && !serves) || (idle !== undefined && pods.length === 0) || (ready === 0 && !serves);
  if (!isEmpty) return [];
  const shown = pods[0]?.object;
  return [
    told(facts, service, idle !== undefined, {
      category: 'service_no_endpoints',
      subject: subjectOf(service),
      cause: idle === undefined ? subjectOf(service) : subjectOf(idle.object),
      description:
        idle === undefined
          ? `no ready pod stands behind the service (${pods.length} match its selector)`
          : `${idle.object.kind} ${idle.object.name} behind the service has no replicas`,
      weight: idle !== undefined || ready === 0 ? 0.92 : 0.85,
      evidence: [
        ...citeObject(service, 'spec.selector.'),
        ...(idle === undefined ? [] : citeObject(idle.object, 'spec.replicas: 0')),
        ...(shown === undefined ? [] : citeObject(shown, 'ready: false')),
        ...emptySlices(facts, subjectOf(service)),
      ],
    }),
  ];
}

/** A target port by name that no container of the selected pods has: the endpoints then carry no port. */
function portWithoutContainer({ facts, service, selector, bearers }: Look): Hypothesis[] {
  const chosen = bearers.filter(({ labels }) => carries(selector, labels));
  const names = new Set(
    chosen.flatMap(({ object }) => {
      const containers = [
        ...objectsAt(object.body, 'spec.containers'),
        ...objectsAt(object.body, 'spec.template.spec.containers'),
      ];
      return containers.flatMap((container) => objectsAt(container, 'ports')).flatMap(({ name }) => name ?? []);
    }),
  );
  const hasSpecs = chosen.some(
    ({ object }) =>
      objectAt(object.body, 'spec.template.spec') !== undefined || objectsAt(object.body, 'spec.containers').length > 0,
  );
  const lost = objectsAt(service.body, 'spec.ports').find(
    ({ targetPort }) => typeof targetPort === 'string' && !/^\d+$/.test(targetPort) && !names.has(targetPort),
  );
  if (lost === undefined || !hasSpecs || (readyAddresses(facts, subjectOf(service)) ?? 0) > 0) return [];
  return [
    finding({
      category: 'service_no_endpoints',
      subject: subjectOf(service),
      description: `its target port ${lost['targetPort']} is the name of no port of the pods behind it`,
      weight: 0.8,
      evidence: citeObject(service, `targetPort: ${lost['targetPort']}`),
    }),
  ];
}

/** Where a table does not show the selector: nobody stands behind the service, and nothing that is broken beside it says why. */
function noAddress(facts: Facts, service: BundleObject): Hypothesis[] {
  const subject = subjectOf(service);
  const beside = facts.bundle.objects.filter(({ namespace }) => namespace === service.namespace);
  const isHeld = beside.some((object) => ['broken', 'progressing'].includes(facts.health(object).state));
  if (
    readyAddresses(facts, subject) !== 0 ||
    isHeld ||
    beside.some((one) => one.name === service.name && sleeps(facts, one))
  )
    return [];
  const idle = beside.find(
    ({ kind, name, body }) => workloadKinds.has(kind) && name === service.name && numberAt(body, 'spec.replicas') === 0,
  );
  const why = idle === undefined ? '' : `; ${idle.kind} ${idle.name} has no replicas`;
  return [
    told(facts, service, idle !== undefined, {
      category: 'service_no_endpoints',
      subject,
      ...(idle === undefined ? {} : { cause: subjectOf(idle) }),
      description: `no address stands behind the service${why}`,
      weight: idle === undefined ? 0.75 : 0.85,
      evidence: [...citeObject(service, 'spec.'), ...(idle === undefined ? [] : citeObject(idle, 'spec.replicas: 0'))],
    }),
  ];
}

function look(facts: Facts, service: BundleObject): Hypothesis[] {
  const selector = textsAt(service.body, 'spec.selector');
  const isExternal = textAt(service.body, 'spec.type') === 'ExternalName';
  if (isExternal || (readyAddresses(facts, subjectOf(service)) ?? 0) > 0) return [];
  if (Object.keys(selector).length === 0) return noAddress(facts, service);
  const bearers = bearersOf(facts, service.namespace);
  const here: Look = { facts, service, selector, bearers };
  const chosen = bearers.filter(({ labels }) => carries(selector, labels));
  if (chosen.length === 0) return noMatch(here);
  if (chosen.some(({ object }) => sleeps(facts, object))) return [];
  const empty = notReady(here);
  return empty.length > 0 ? empty : portWithoutContainer(here);
}

/** Services behind which no pod stands: the selector misses, nobody is ready, or the port has no container. */
export const emptyService: Rule = (facts) => facts.of('Service').flatMap((service) => look(facts, service));

const balancerReasons = [
  'SyncLoadBalancerFailed',
  'UpdateLoadBalancerFailed',
  'UnAvailableLoadBalancer',
  'CreateOrUpdatePublicIPAddress',
  'AllocationFailed',
  'FailedBuildModel',
  'FailedDeployModel',
];
/** Seconds that a cloud takes at most to give an address. */
const BALANCER_PATIENCE = 600;

/** Services of type LoadBalancer that the cloud gives no address. */
export const loadBalancer: Rule = (facts) => {
  const events = facts.events({ kind: 'Service', reason: balancerReasons });
  const told = events.map((event) => ({ subject: subjectOf(event), evidence: citeEvents([event]), weight: 0.95 }));
  const waiting = facts.of('Service').flatMap((service) => {
    const age = ageOf(service.body, 'metadata.creationTimestamp', facts.now);
    const balancer = objectAt(service.body, 'status.loadBalancer');
    const hasAddress = balancer === undefined || objectsAt(balancer, 'ingress').length > 0;
    const isBalancer = textAt(service.body, 'spec.type') === 'LoadBalancer';
    if (!isBalancer || hasAddress || age === undefined || age < BALANCER_PATIENCE) return [];
    if (told.some(({ subject }) => subject.name === service.name)) return [];
    return [{ subject: subjectOf(service), evidence: citeObject(service, 'spec.type: LoadBalancer'), weight: 0.75 }];
  });
  return [...told, ...waiting].map(({ subject, evidence, weight }) =>
    finding({
      category: 'load_balancer_failed',
      subject,
      description: `the service gets no load balancer: ${evidence[0]?.quote.slice(0, 300) ?? ''}`,
      weight,
      evidence,
    }),
  );
};
