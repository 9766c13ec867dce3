import { citeEvents, type Facts } from '../facts.ts';
import { inFull, keyOf, subjectOf } from '../graph/object-key.ts';
import type { Rule } from '../hypothesis.ts';
import { parseMemoryKill } from '../messages/memory-kill.ts';
import { finding, groupBy } from '../said.ts';

/** Processes of which the kernel itself says that it killed them, where no pod was read that one of them could have run in. */
export const kernelKill: Rule = (facts: Facts) => {
  if (facts.of('Pod').length > 0) return [];
  const told = facts
    .events({ reason: ['OOMKilling', 'SystemOOM'] })
    .filter(({ component, kind, reason }) => component === 'kernel' && (reason === 'OOMKilling' || kind === 'Log'));
  return groupBy(told, (event) => `${keyOf(event)} ${event.reason}`).flatMap((group) => {
    const [first] = group;
    const kill = first === undefined ? undefined : parseMemoryKill(first.message);
    if (first === undefined || kill === undefined) return [];
    const isOwn = kill.scope === 'container';
    const process = kill.process === undefined ? 'a process' : `process ${kill.process}`;
    return finding({
      category: isOwn ? 'oom_killed' : 'node_memory_pressure',
      subject: subjectOf(first),
      description: `the kernel killed ${process} ${isOwn ? 'at the memory limit of its container' : 'as the node ran out of memory'}; ${inFull(subjectOf(first))} does not say of which pod`,
      weight: 0.85,
      evidence: citeEvents(group),
    });
  });
};
