import { brokenBy, citeObject } from '../facts.ts';
import type { Rule } from '../hypothesis.ts';
import { textAt } from '../json-path.ts';
import { raiseMemory } from '../remedies.ts';

/** A container whose status says that the kernel killed it at its memory limit. */
export const memoryLimit: Rule = (facts) => {
  const container = facts.containers.find(({ ended }) => ended.some(({ reason }) => reason === 'OOMKilled'));
  if (container === undefined) return undefined;
  const subject = brokenBy(facts, container.pod);
  const limit = textAt(container.spec, 'resources.limits.memory');
  return {
    category: 'oom_killed',
    severity: 'critical',
    subject,
    cause: {
      subject,
      description: `container ${container.name} was killed for memory at its limit of ${limit ?? 'the node'}`,
    },
    weight: 0.97,
    evidence: citeObject(container.pod, 'terminated.reason: OOMKilled'),
    recommendations: raiseMemory(container, subject),
  };
};
