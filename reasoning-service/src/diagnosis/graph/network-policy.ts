import type { BundleObject, Json, JsonObject } from '@aetherius/shared/contracts';
import { isTrueAt, objectAt, objectsAt, textAt, textsAt, valueAt, wordsAt } from '../json-path.ts';
import { type Labels, selects } from './label-selector.ts';
import { isSlip } from './nearest-labels.ts';

/** One end of a path: a set of pods by namespace and labels. */
export type PathEnd = {
  namespace: string | null;
  labels: Labels;
  namespaceLabels: Labels;
  /** Nothing but an address is known: a block of addresses may hold it. */
  isAddress?: boolean;
};

type Direction = 'ingress' | 'egress';

const peersAt = { ingress: 'from', egress: 'to' } as const;

/** Whether a policy is about pods, in a direction. */
function isAbout(policy: BundleObject, end: PathEnd, direction: Direction): boolean {
  if (policy.namespace !== end.namespace || !selects(valueAt(policy.body, 'spec.podSelector'), end.labels))
    return false;
  const types = wordsAt(policy.body, 'spec.policyTypes').map((type) => type.toLowerCase());
  if (types.length > 0) return types.includes(direction);
  return direction === 'ingress' || valueAt(policy.body, 'spec.egress') !== undefined;
}

function takes(peer: JsonObject, policy: BundleObject, other: PathEnd): boolean {
  const pods = peer['podSelector'];
  const namespaces = peer['namespaceSelector'];
  if (objectAt(peer, 'ipBlock') !== undefined)
    return other.isAddress === true || textAt(peer, 'ipBlock.cidr') === '0.0.0.0/0';
  const named: Labels = { 'kubernetes.io/metadata.name': other.namespace ?? '', ...other.namespaceLabels };
  const inNamespace = namespaces === undefined ? other.namespace === policy.namespace : selects(namespaces, named);
  return inNamespace && (pods === undefined || selects(pods, other.labels));
}

const samePort = (rule: JsonObject, port: number | undefined): boolean => {
  const stated: Json | undefined = rule['port'];
  const last = rule['endPort'];
  if (port === undefined || stated === undefined || typeof stated === 'string') return true;
  return typeof stated === 'number' && port >= stated && port <= (typeof last === 'number' ? last : stated);
};

/** A rule without peers takes everyone, one without ports every port. */
function allows(
  policy: BundleObject,
  other: PathEnd,
  { direction, port }: { direction: Direction; port: number | undefined },
): boolean {
  return objectsAt(policy.body, `spec.${direction}`).some((rule) => {
    const peers = objectsAt(rule, peersAt[direction]);
    const ports = objectsAt(rule, 'ports');
    return (
      (peers.length === 0 || peers.some((peer) => takes(peer, policy, other))) &&
      (ports.length === 0 || ports.some((one) => samePort(one, port)))
    );
  });
}

export type Path = { from: PathEnd; to: PathEnd; port: number | undefined };

/** The policy that forbids a path, whether it keeps it from coming in or from going out, and whether its rules are known. */
export type Barrier = { policy: BundleObject; direction: Direction; isShown: boolean };

/** A row of a table tells whom a policy is about and not what it lets through. */
const hasRules = ({ body }: BundleObject): boolean =>
  !isTrueAt(body, 'status.isPart') || wordsAt(body, 'spec.policyTypes').length > 0;

/**
 * What forbids a path, or undefined: pods under any policy of a direction may do only what one of those policies allows.
 * `port` is the port of the pod, not of the Service before it.
 */
export function barrierOn(policies: readonly BundleObject[], { from, to, port }: Path): Barrier | undefined {
  const check = (own: PathEnd, other: PathEnd, direction: Direction): Barrier | undefined => {
    const about = policies.filter((policy) => isAbout(policy, own, direction));
    const [policy] = about;
    const isOpen = about.some((one) => allows(one, other, { direction, port }));
    return isOpen || policy === undefined ? undefined : { policy, direction, isShown: about.every(hasRules) };
  };
  return check(to, from, 'ingress') ?? check(from, to, 'egress');
}

/** A policy that would let a path through if one label read a letter or two otherwise: what it asks for, and what is there. */
export type Slip = { policy: BundleObject; key: string; wanted: string; found: string };

/** The labels under which an end would be meant by one of a policy's selectors, were it not for a slip. */
const slipsOf = (selectors: readonly (Json | undefined)[], { labels }: PathEnd) =>
  selectors.flatMap((selector) =>
    Object.entries(textsAt(selector, 'matchLabels')).flatMap(([key, wanted]) => {
      const found = labels[key];
      return found !== undefined && isSlip(wanted, found) ? [{ key, wanted, found }] : [];
    }),
  );

const corrected = (end: PathEnd, { key, wanted }: { key: string; wanted: string }): PathEnd => ({
  ...end,
  labels: { ...end.labels, [key]: wanted },
});

/** How one policy misses a path by a slip: in whom it lets in or out, or in the pods that it is about. */
function slipsIn(policy: BundleObject, { from, to, port }: Path, direction: Direction): Slip[] {
  const [own, other] = direction === 'ingress' ? [to, from] : [from, to];
  const how = { direction, port };
  const peers = objectsAt(policy.body, `spec.${direction}`).flatMap((rule) => objectsAt(rule, peersAt[direction]));
  const ofPeers = slipsOf(
    peers.map((peer) => peer['podSelector']),
    other,
  ).filter((slip) => isAbout(policy, own, direction) && allows(policy, corrected(other, slip), how));
  const ofPods = slipsOf([valueAt(policy.body, 'spec.podSelector')], own).filter(
    (slip) => isAbout(policy, corrected(own, slip), direction) && allows(policy, other, how),
  );
  return [...ofPeers, ...ofPods].map((slip) => ({ policy, ...slip }));
}

/** The policies that were meant to allow a path in a direction, and miss one of its ends by a letter or two. */
export const slipsFor = (policies: readonly BundleObject[], path: Path, direction: Direction): Slip[] =>
  policies.flatMap((policy) => slipsIn(policy, path, direction));

/** The policy that keeps pods from asking for names: egress is restricted and nothing lets port 53 out. */
export function dnsBlockingPolicy(policies: readonly BundleObject[], from: PathEnd): BundleObject | undefined {
  const about = policies.filter((policy) => isAbout(policy, from, 'egress'));
  const letsOut = about.some((policy) =>
    objectsAt(policy.body, 'spec.egress').some((rule) => {
      const ports = objectsAt(rule, 'ports');
      const reachesOthers = objectsAt(rule, 'to').every(
        (peer) => objectAt(peer, 'ipBlock') !== undefined || peer['namespaceSelector'] !== undefined,
      );
      return reachesOthers && (ports.length === 0 || ports.some((one) => samePort(one, 53)));
    }),
  );
  return letsOut ? undefined : about[0];
}

/** Labels of a namespace, where the bundle has the object. */
export const namespaceLabels = (namespace: BundleObject | undefined): Labels =>
  textsAt(namespace?.body, 'metadata.labels');
