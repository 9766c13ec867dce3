import { citeEvents, type Facts } from '../facts.ts';
import { keyOf, subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { RUNTIME_DOWN } from '../messages/container-runtime.ts';
import { cordon } from '../remedies.ts';
import { finding, groupBy } from '../said.ts';
import { nodeTaint } from './node.ts';

/** Nodes whose kubelet says in its journal that the container runtime does not answer. What the status of a node says of that goes before it. */
export const runtimeDown: Rule = (facts: Facts): Hypothesis[] =>
  groupBy(facts.events({ reason: [RUNTIME_DOWN] }), keyOf).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const subject = subjectOf(first);
    const node = facts.graph.find(subject);
    const state = node === undefined ? 'unclear' : facts.health(node).state;
    if (state === 'broken') return [];
    return finding({
      category: 'node_not_ready',
      subject,
      description: `the container runtime of the node does not answer its kubelet: ${first.message.slice(0, 300)}`,
      weight: state === 'healthy' ? 0.78 : 0.85,
      evidence: citeEvents(group),
      affects: [...facts.graph.in(subject, 'runs_on').map(({ from }) => from), nodeTaint('not-ready')],
      recommendations: subject.kind === 'Node' ? cordon(facts, subject) : [],
      against: state === 'healthy' ? [`node ${subject.name} counts as ready all the same`] : [],
    });
  });
