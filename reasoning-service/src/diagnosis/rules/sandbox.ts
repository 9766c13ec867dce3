import type { Subject } from '@aetherius/shared/contracts';
import { networkAgentBehind } from '../dependency/node-agent.ts';
import type { Facts } from '../facts.ts';
import type { Rule } from '../hypothesis.ts';
import { textAt } from '../json-path.ts';
import { parseSandbox, type SandboxProblem } from '../messages/sandbox.ts';
import { withLimit } from '../messages/system-limit.ts';
import { finding, groupBy, type Said, saidByConditions, saidByContainers, saidByEvents } from '../said.ts';

const categories = {
  no_address: 'pod_ip_exhaustion',
  plugin: 'pod_sandbox_cni_failure',
  runtime: 'pod_sandbox_cni_failure',
} as const;

function sayings(facts: Facts): (Said & { problem: SandboxProblem })[] {
  const all = [
    ...saidByEvents(facts, {
      reason: ['FailedCreatePodSandBox', 'NetworkNotReady', 'FailedPodSandBoxStatus', 'FailedSync'],
    }),
    ...saidByEvents(facts, {
      kind: 'Node',
      reason: ['CIDRNotAvailable', 'CIDRAssignmentFailed', 'InsufficientFreeAddresses'],
    }).map((said) => ({ ...said, message: `no IP addresses available: ${said.message}` })),
    ...saidByContainers(facts),
    ...saidByConditions(facts, 'Pod', 'PodReadyToStartContainers'),
  ];
  return all.flatMap((said) => {
    const problem = parseSandbox(said.message);
    return problem === undefined ? [] : [{ ...said, problem }];
  });
}

type Saying = ReturnType<typeof sayings>[number];

/** The message without what differs from pod to pod, by which one fault of the network is known on several of them. */
const faultWords = ({ message, about, problem }: Saying): string =>
  `${categories[problem.why]} ${message.replaceAll(about.name, '').replaceAll(/\b[0-9a-f]{12,}\b|\d+/g, '')}`;

/** What stands for one fault that stops several workloads: their node where they share one, else the first of them. */
function sharedCause(facts: Facts, said: readonly Saying[]): Subject | undefined {
  const tops = uniqueBy(said.map(({ about }) => facts.top(about)));
  const nodes = new Set(said.map(({ about }) => textAt(facts.graph.find(about)?.body, 'spec.nodeName')));
  const [node] = nodes;
  if (tops.length < 2) return undefined;
  return nodes.size === 1 && node !== undefined ? { kind: 'Node', namespace: null, name: node } : tops[0];
}

const uniqueBy = (subjects: readonly Subject[]): Subject[] => [
  ...new Map(subjects.map((one) => [JSON.stringify(one), one])).values(),
];

/** Pods whose sandbox cannot be made: no address left, the network plugin, or the runtime. One fault may stop several workloads. */
export const podSandbox: Rule = (facts) => {
  const said = sayings(facts);
  return groupBy(said, ({ about, problem }) => `${JSON.stringify(facts.top(about))} ${categories[problem.why]}`).map(
    (group) => {
      const [first] = group as [Saying];
      const subject = facts.top(first.about);
      const alike = said.filter((one) => faultWords(one) === faultWords(first));
      const pods = group.map(({ about }) => about);
      const agent = first.problem.why === 'plugin' ? networkAgentBehind(facts, pods, first.message) : undefined;
      return finding({
        category: categories[first.problem.why],
        subject,
        cause: agent?.subject ?? sharedCause(facts, alike) ?? subject,
        description: `${withLimit(`${first.problem.words}: ${first.message.slice(0, 300)}`, first.message)}${agent?.words ?? ''}`,
        weight: 0.94,
        evidence: group.flatMap(({ evidence }) => evidence),
        affects: pods,
      });
    },
  );
};
