import type { Claim, Node, Pod, Service } from '../kube/objects.ts';
import { podHealth } from '../signals/health.ts';
import { gatherIngresses } from './gather-related.ts';
import { gatherObject } from './gather-workload.ts';
import { openNodeBeside } from './open-node.ts';
import type { Scene } from './scene.ts';

const PODS_OF_NODE = 15;
const PODS_OF_CLAIM = 2;
const NEAR_PODS = 6;

/** A node, what became of its pods, and a node where those could go. */
export async function gatherNode({ gathering, facts, addEventsOf }: Scene, node: Node): Promise<void> {
  gathering.addHeld(node);
  const pods = facts.podsOnNode(node.metadata.name);
  const worstFirst = [...pods].sort((a, b) => Number(podHealth(a) !== undefined) - Number(podHealth(b) !== undefined));
  for (const pod of worstFirst.slice(0, PODS_OF_NODE)) gathering.addHeld(pod);
  for (const other of openNodeBeside(facts, node)) gathering.addHeld(other);
  addEventsOf([node, ...worstFirst.slice(0, PODS_OF_NODE)]);
}

/** A claim, the pods that wait for it, and the classes that there are. */
export async function gatherClaim(scene: Scene, claim: Claim): Promise<void> {
  const { gathering, facts, addEventsOf } = scene;
  gathering.addHeld(claim);
  const pods = facts
    .inNamespace('Pod', claim.metadata.namespace ?? '')
    .filter(({ spec }) => spec.claims.includes(claim.metadata.name))
    .slice(0, PODS_OF_CLAIM);
  addEventsOf([claim, ...pods]);
  const [classes] = await Promise.all([
    gathering.list('/apis/storage.k8s.io/v1/storageclasses'),
    ...pods.map((pod) => gatherObject(scene, pod)),
  ]);
  for (const one of classes) gathering.addObject(one);
}

/** A Service, its addresses, and the pods whose labels come nearest to its selector. */
export async function gatherService(scene: Scene, service: Service): Promise<void> {
  const { gathering, facts, addEventsOf } = scene;
  gathering.addHeld(service);
  const { namespace = '', name } = service.metadata;
  const selector = service.spec.selector ?? {};
  const near = facts
    .inNamespace('Pod', namespace)
    .map((pod) => ({ pod, score: nearness(selector, pod) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, NEAR_PODS);
  for (const { pod } of near) gathering.addHeld(pod);
  addEventsOf([service]);
  const labelSelector = `kubernetes.io/service-name=${name}`;
  const [slices] = await Promise.all([
    gathering.list(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, { labelSelector }),
    gatherIngresses(scene, service),
  ]);
  for (const slice of slices) gathering.addObject(slice);
}

/** A pair that fits counts most; a key with another value, or a value under another key, is what a typo leaves. */
function nearness(selector: Record<string, string>, { metadata: { labels = {} } }: Pod): number {
  const values = new Set(Object.values(labels));
  return Object.entries(selector).reduce((score, [key, value]) => {
    const found = labels[key];
    if (found === value) return score + 4;
    return score + (found === undefined ? 0 : 1 + 2 * likeness(found, value)) + Number(values.has(value));
  }, 0);
}

/** How much of two words is the same from the front and from the back, 0 to 1. */
function likeness(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let front = 0;
  while (front < most && a[front] === b[front]) front += 1;
  let back = 0;
  while (back < most - front && a.at(-1 - back) === b.at(-1 - back)) back += 1;
  return (front + back) / Math.max(a.length, b.length);
}
