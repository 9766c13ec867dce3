import { keyOf } from '../cluster-view.ts';
import { podRequests, type Requests } from '../pod-resources.ts';
import { isFinished } from '../pod-state.ts';
import type { Pod } from '../types.ts';

type Usage = { requested: Requests; pods: number };
type Held = { nodeName: string; requests: Requests };

/** What the pods of each node have asked for, counted up and down as pods come and go. */
export function createNodeUsage() {
  const nodes = new Map<string, Usage>();
  const held = new Map<string, Held>();

  function count({ nodeName, requests }: Held, sign: 1 | -1): void {
    const usage = nodes.get(nodeName) ?? { requested: {}, pods: 0 };
    for (const [name, amount] of Object.entries(requests)) {
      usage.requested[name] = (usage.requested[name] ?? 0) + sign * amount;
    }
    nodes.set(nodeName, { ...usage, pods: usage.pods + sign });
  }

  function release(key: string): void {
    const before = held.get(key);
    if (before === undefined) return;
    count(before, -1);
    held.delete(key);
  }

  return Object.freeze({
    release: (pod: Pod): void => release(keyOf(pod)),
    take(pod: Pod): void {
      const key = keyOf(pod);
      release(key);
      const { nodeName } = pod.spec;
      if (nodeName === undefined || isFinished(pod)) return;
      const entry = { nodeName, requests: podRequests(pod.spec) };
      held.set(key, entry);
      count(entry, 1);
    },
    of: (nodeName: string): Usage => nodes.get(nodeName) ?? { requested: {}, pods: 0 },
  });
}
