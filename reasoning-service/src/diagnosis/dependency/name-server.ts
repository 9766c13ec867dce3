import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import type { Facts } from '../facts.ts';
import { labelsOf } from '../graph/object-graph.ts';
import { subjectOf } from '../graph/object-key.ts';
import { numberAt, textAt } from '../json-path.ts';
import { readyAddresses } from '../rules/service.ts';

/** How a question for a name goes that nobody answers; a name that does not exist is an answer. */
const unanswered =
  /EAI_AGAIN|ETIMEOUT|SERVFAIL|time(?:d )?out|server misbehaving|temporary failure in name|no servers could be reached|connection refused/i;
const asked = /(?:\bon |->)(\d{1,3}(?:\.\d{1,3}){3}):53\b/;
/** The cache on each node passes on what it does not know. */
const isOnNode = (address: string): boolean => address.startsWith('169.254.');

const known = /(?:^|-)(?:coredns|kube-dns|dns-default)(?!-autoscaler)(?:-|$)/;
const homes: ReadonlySet<string | null> = new Set(['kube-system', 'openshift-dns']);
const services: readonly Subject[] = [
  { kind: 'Service', namespace: 'kube-system', name: 'kube-dns' },
  { kind: 'Service', namespace: 'openshift-dns', name: 'dns-default' },
];

/** Whether a Service is that of the name server. */
export const servesNames = ({ kind, namespace, name }: Subject): boolean =>
  kind === 'Service' && homes.has(namespace) && known.test(name);

/** Where a cluster has its name server; a table without namespaces puts it where `kubectl` looks. */
function homesIn({ bundle }: Facts): ReadonlySet<string | null> {
  const isTold = bundle.objects.some(({ namespace }) => homes.has(namespace));
  return isTold ? homes : new Set([...homes, 'default', null]);
}

/** Whether another server than the cluster's was asked, as far as its address is told. */
function isElsewhere(facts: Facts, text: string): boolean {
  const address = asked.exec(text)?.[1];
  const own = facts
    .of('Service')
    .filter(({ namespace, name }) => homes.has(namespace) && name.includes('dns'))
    .flatMap(({ body }) => textAt(body, 'spec.clusterIP') ?? []);
  return address !== undefined && own.length > 0 && !own.includes(address) && !isOnNode(address);
}

/** What of a kind answers the cluster's questions for names, by the label that distributions give it or by name. */
function serversOf(facts: Facts, kind: string): BundleObject[] {
  const own = homesIn(facts);
  return facts
    .of(kind)
    .filter(
      (one) =>
        own.has(one.namespace) &&
        (labelsOf(one)['k8s-app'] === 'kube-dns' || known.test(facts.top(subjectOf(one)).name)),
    );
}

function lookForDead(facts: Facts): Subject | undefined {
  const pods = serversOf(facts, 'Pod');
  const [first] = pods;
  if (first !== undefined && pods.every((pod) => facts.health(pod).state === 'broken'))
    return facts.top(subjectOf(first));
  const deserted = [...services, ...serversOf(facts, 'Service').map(subjectOf)].find(
    (service) => readyAddresses(facts, service) === 0,
  );
  if (first !== undefined) return deserted;
  const dead = ['Deployment', 'DaemonSet']
    .flatMap((kind) => serversOf(facts, kind))
    .find((one) => facts.health(one).state === 'broken' || numberAt(one.body, 'spec.replicas') === 0);
  return dead === undefined ? deserted : subjectOf(dead);
}

const found = new WeakMap<Facts, { server: Subject | undefined }>();

/** The cluster's name server where none of its pods fares well, or no address stands behind its Service. */
function deadNameServer(facts: Facts): Subject | undefined {
  const kept = found.get(facts) ?? { server: lookForDead(facts) };
  found.set(facts, kept);
  return kept.server;
}

/**
 * The cluster's name server where it is dead and words complain that a question stays unanswered, or that there is no such name
 * where what is called so is there: then it has lost what it answers from.
 */
export function nameServerBehind(facts: Facts, text: string, called: Subject | undefined): Subject | undefined {
  const isThere = called?.kind === 'Service' && facts.graph.find(called) !== undefined;
  return (unanswered.test(text) || isThere) && !isElsewhere(facts, text) ? deadNameServer(facts) : undefined;
}
