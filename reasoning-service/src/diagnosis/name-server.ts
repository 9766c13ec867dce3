import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import type { Facts } from './facts.ts';
import { labelsOf } from './graph/object-graph.ts';
import { subjectOf } from './graph/object-key.ts';
import { textAt } from './json-path.ts';

/** How a question for a name goes that nobody answers; a name that does not exist is an answer. */
const unanswered =
  /EAI_AGAIN|ETIMEOUT|SERVFAIL|time(?:d )?out|server misbehaving|temporary failure in name|no servers could be reached|connection refused/i;
const asked = /(?:\bon |->)(\d{1,3}(?:\.\d{1,3}){3}):53\b/;
/** The cache on each node passes on what it does not know. */
const isOnNode = (address: string): boolean => address.startsWith('169.254.');

const known = /(?:^|-)(?:coredns|kube-dns|dns-default)(?!-autoscaler)(?:-|$)/;
const homes: ReadonlySet<string | null> = new Set(['kube-system', 'openshift-dns']);

/** The pods that answer a cluster's questions for names, by the label that distributions give them or by name. */
const isNameServer = (facts: Facts, pod: BundleObject): boolean =>
  homes.has(pod.namespace) && (labelsOf(pod)['k8s-app'] === 'kube-dns' || known.test(facts.top(subjectOf(pod)).name));

/** Whether another server than the cluster's was asked, as far as its address is told. */
function isElsewhere(facts: Facts, text: string): boolean {
  const address = asked.exec(text)?.[1];
  const own = facts
    .of('Service')
    .filter(({ namespace, name }) => homes.has(namespace) && name.includes('dns'))
    .flatMap(({ body }) => textAt(body, 'spec.clusterIP') ?? []);
  return address !== undefined && own.length > 0 && !own.includes(address) && !isOnNode(address);
}

/** The cluster's name server, where words complain that a question stays unanswered and none of its pods fares well. */
export function silentNameServer(facts: Facts, text: string): Subject | undefined {
  if (!unanswered.test(text) || isElsewhere(facts, text)) return undefined;
  const pods = facts.of('Pod').filter((pod) => isNameServer(facts, pod));
  const [first] = pods;
  return first !== undefined && pods.every((pod) => facts.health(pod).state === 'broken')
    ? facts.top(subjectOf(first))
    : undefined;
}
