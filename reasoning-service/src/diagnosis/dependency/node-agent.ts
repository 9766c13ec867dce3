import type { BundleObject, Category, Subject } from '@aetherius/shared/contracts';
import type { Facts } from '../facts.ts';
import { inFull, isSame, keyOf, subjectOf } from '../graph/object-key.ts';
import { podShapeOf } from '../graph/pod-spec.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { objectsAt, textAt } from '../json-path.ts';

/** The network plugins whose agent has to run on each node: how the plugin speaks, and how the pods of its agent are called. */
const networks: readonly { words: RegExp; agent: RegExp }[] = [
  { words: /cilium/i, agent: /^cilium(?!-(?:operator|envoy))/ },
  { words: /calico/i, agent: /^(?:calico-node|canal)/ },
  { words: /flannel/i, agent: /flannel|^canal/ },
  { words: /aws-cni|aws-vpc-cni|aws-node|\b127\.0\.0\.1:50051\b/i, agent: /^aws-node/ },
  { words: /weave/i, agent: /^weave/ },
  { words: /antrea/i, agent: /^antrea-agent/ },
  { words: /\bovn|ovnkube/i, agent: /^ovnkube-node|^ovn-/ },
  { words: /kube-router/i, agent: /^kube-router/ },
  { words: /kindnet/i, agent: /^kindnet/ },
];

const unregisteredDriver =
  /driver name ([\w.-]{1,120}) not found in the list of registered CSI drivers|\/plugins\/([\w.-]{1,120})\/csi\.sock\b/;
/** Parts of the names of drivers that tell nobody apart. */
const common = new Set(
  'csi com io org net dev cloud k8s kubernetes driver drivers storage aws azure amazon google microsoft'.split(' '),
);

/** What tells a driver apart, as `ebs` of `ebs.csi.aws.com`: what stands before `csi`, else all that is not common. */
function marksOf(driver: string): string[] {
  const parts = driver.toLowerCase().split('.');
  const before = parts.slice(0, Math.max(0, parts.indexOf('csi')));
  const telling = (all: readonly string[]) => all.filter((one) => one.length > 1 && !common.has(one));
  return telling(before).length > 0 ? telling(before).slice(-1) : telling(parts);
}

const partsOf = (pod: BundleObject): string[] => {
  const spec = podShapeOf(pod)?.spec;
  return objectsAt(spec, 'containers').flatMap((one) => [textAt(one, 'name') ?? '', textAt(one, 'image') ?? '']);
};

/** Whether a pod is a part of a driver: it names it, or it is called after it. */
function isOfDriver(facts: Facts, pod: BundleObject, driver: string): boolean {
  if (JSON.stringify(pod.body['spec'] ?? {}).includes(`/${driver}/`)) return true;
  const names = [facts.top(subjectOf(pod)).name, ...partsOf(pod)].join(' ').toLowerCase();
  return /csi/.test(names) && marksOf(driver).some((mark) => names.includes(mark));
}

/** Where a kubelet's runtime looks for plugins of the network and what they are set to: who brings them there is their agent. */
const ofPlugins = /^\/(?:etc\/cni\/net\.d|opt\/cni\/bin)\/?$/;

/** Whether a pod brings a node its network, by its name or by what it puts there. */
function bringsNetwork(facts: Facts, pod: BundleObject): boolean {
  const { name } = facts.top(subjectOf(pod));
  const paths = objectsAt(podShapeOf(pod)?.spec, 'volumes').map((one) => textAt(one, 'hostPath.path') ?? '');
  return networks.some(({ agent }) => agent.test(name)) || paths.some((path) => ofPlugins.test(path));
}

const nodeOf = (facts: Facts, pod: Subject): string | undefined => textAt(facts.graph.find(pod)?.body, 'spec.nodeName');

/** Where every one of the pods stands beside a pod of the kind that does not fare well: the first of those. */
function brokenBeside(
  facts: Facts,
  pods: readonly Subject[],
  isAgent: (pod: BundleObject) => boolean,
): BundleObject | undefined {
  const nodes = new Set(pods.map((pod) => nodeOf(facts, pod)));
  if (nodes.size === 0 || nodes.has(undefined)) return undefined;
  const found = [...nodes].map((name) => brokenOn(facts, name ?? '', isAgent));
  return found.includes(undefined) ? undefined : found[0];
}

/** The first pod of the kind on a node that does not fare well there. */
const brokenOn = (facts: Facts, node: string, isAgent: (pod: BundleObject) => boolean): BundleObject | undefined =>
  facts.graph
    .in({ kind: 'Node', namespace: null, name: node }, 'runs_on')
    .flatMap(({ from }) => facts.graph.find(from) ?? [])
    .find((one) => one.kind === 'Pod' && facts.health(one).state === 'broken' && isAgent(one));

const NETWORK = 'the agent of the network';

/** What serves pods on their own nodes and is broken there, with words for it. */
export type NodeAgent = { subject: Subject; words: string };

const asAgent = (facts: Facts, pod: BundleObject | undefined, what: string): NodeAgent | undefined =>
  pod && {
    subject: facts.top(subjectOf(pod)),
    words: `; ${inFull(pod)}, ${what} on node ${textAt(pod.body, 'spec.nodeName')}, does not fare well`,
  };

/** The agent of the network plugin that words are of, where it is broken on the very nodes of the pods. */
export function networkAgentBehind(facts: Facts, pods: readonly Subject[], words: string): NodeAgent | undefined {
  const network = networks.find((one) => one.words.test(words));
  if (network === undefined) return undefined;
  const isAgent = (pod: BundleObject) => network.agent.test(facts.top(subjectOf(pod)).name);
  return asAgent(facts, brokenBeside(facts, pods, isAgent), NETWORK);
}

/** The agent of the network that is broken on a node which waits for its network, whichever plugin that is of. */
export const networkAgentOn = (facts: Facts, node: string): NodeAgent | undefined =>
  asAgent(
    facts,
    brokenOn(facts, node, (pod) => bringsNetwork(facts, pod)),
    NETWORK,
  );

/** The driver that words miss, where its pod is broken on the very nodes of the pods. */
export function volumeDriverBehind(facts: Facts, pods: readonly Subject[], words: string): NodeAgent | undefined {
  const match = unregisteredDriver.exec(words);
  const driver = match?.[1] ?? match?.[2];
  if (driver === undefined) return undefined;
  return asAgent(
    facts,
    brokenBeside(facts, pods, (pod) => isOfDriver(facts, pod, driver)),
    `the driver ${driver}`,
  );
}

/** What an end earns whose effect is seen elsewhere. */
const MISSED = 0.85;
const served: ReadonlySet<Category> = new Set(['pod_sandbox_cni_failure', 'volume_mount_failed']);

/**
 * An agent that keeps ending, for whatever reason, is the fault of all that lacks it: that its log is not there leaves open why it
 * ends, and not that it does.
 */
export function withAgentsTold(all: readonly Hypothesis[]): Hypothesis[] {
  const blamed = new Set(
    all
      .filter(({ category, subject, cause }) => served.has(category) && !isSame(subject, cause.subject))
      .map(({ cause }) => keyOf(cause.subject)),
  );
  const isMissed = ({ category, subject }: Hypothesis) =>
    category === 'crash_loop_app_error' && blamed.has(keyOf(subject));
  return all.map((one) => (isMissed(one) ? { ...one, weight: Math.max(one.weight, MISSED) } : one));
}
