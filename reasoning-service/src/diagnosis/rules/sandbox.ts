import type { Facts } from '../facts.ts';
import type { Rule } from '../hypothesis.ts';
import { parseSandbox, type SandboxProblem } from '../messages/sandbox.ts';
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

/** Pods whose sandbox cannot be made: no address left, the network plugin, or the runtime. */
export const podSandbox: Rule = (facts) =>
  groupBy(sayings(facts), ({ about, problem }) => `${JSON.stringify(facts.top(about))} ${categories[problem.why]}`).map(
    (group) => {
      const [first] = group as [(typeof group)[0]];
      return finding({
        category: categories[first.problem.why],
        subject: facts.top(first.about),
        description: `${first.problem.words}: ${first.message.slice(0, 300)}`,
        weight: 0.94,
        evidence: group.flatMap(({ evidence }) => evidence),
        affects: group.map(({ about }) => about),
      });
    },
  );
