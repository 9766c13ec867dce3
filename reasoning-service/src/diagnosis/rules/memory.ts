import type { Evidence } from '../evidence.ts';
import { metricText } from '../evidence.ts';
import { brokenBy, type Container, citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { textAt, wordAt } from '../json-path.ts';
import { parseMemoryKill } from '../messages/memory-kill.ts';
import { parseQuantity } from '../quantity.ts';
import { raiseMemory } from '../remedies.ts';
import { finding } from '../said.ts';

const FULL = 0.95;
const fares = (facts: Facts, { pod }: Container): boolean => facts.health(pod).state === 'healthy';

/** Metrics that show a container at its memory limit. */
function atLimit(facts: Facts, { pod, name, spec }: Container): Evidence[] {
  const limit = parseQuantity(wordAt(spec, 'resources.limits.memory'));
  if (limit === undefined) return [];
  return facts.bundle.metrics
    .filter(({ name: metric, labels, points }) => {
      const isOfPod = labels['pod'] === pod.name && (labels['container'] ?? name) === name;
      return /memory/i.test(metric) && isOfPod && points.some(([, value]) => value >= limit * FULL);
    })
    .map((metric) => ({ id: metric.id, quote: metricText(metric) }));
}

/** The kernel's words on the node, or a server's on its worker, that fit a container which ended with SIGKILL. */
function killWords(facts: Facts, container: Container): Evidence[] {
  const node = textAt(container.pod.body, 'spec.nodeName');
  const events = facts
    .events({ reason: ['OOMKilling', 'SystemOOM'] })
    .filter(({ name, message }) => (node === undefined || name === node) && parseMemoryKill(message) !== undefined)
    .map(({ id, message }) => ({ id, quote: message }));
  const logs = facts.logsOf(container.pod.name, container.name).flatMap(({ id, lines }) =>
    lines
      .filter((line) => parseMemoryKill(line.slice(0, 2000)) !== undefined)
      .slice(0, 2)
      .map((quote) => ({ id, quote })),
  );
  return [...events, ...logs];
}

function killed(facts: Facts, container: Container): Hypothesis[] {
  const told = container.ended.some(({ reason }) => reason === 'OOMKilled');
  const sigkill = container.ended.some(({ exit_code }) => exit_code === 137);
  const words = killWords(facts, container);
  const inLog = words.some(({ id }) => facts.bundle.logs.some((log) => log.id === id));
  const metrics = sigkill ? atLimit(facts, container) : [];
  const isKill = told || (sigkill && (words.length > 0 || metrics.length > 0)) || inLog;
  if (!isKill || (fares(facts, container) && !inLog)) return [];
  const subject = brokenBy(facts, container.pod);
  const limit = wordAt(container.spec, 'resources.limits.memory');
  return [
    finding({
      category: 'oom_killed',
      subject,
      description: `container ${container.name} was killed for memory at its limit of ${limit ?? 'the node'}`,
      weight: told ? 0.97 : 0.86,
      evidence: [
        ...citeObject(container.pod, told ? 'terminated.reason: OOMKilled' : 'terminated.exitCode: 137'),
        ...words,
        ...metrics,
      ],
      affects: [subjectOf(container.pod)],
      recommendations: raiseMemory(container, subject),
    }),
  ];
}

/** Containers that the kernel killed for memory: by their status, by the node's words, by a server that lost its worker. */
export const memoryLimit: Rule = (facts) =>
  facts.containers.flatMap((container) => killed(facts, container)).filter(firstOfSubject());

function firstOfSubject(): (hypothesis: Hypothesis) => boolean {
  const seen = new Set<string>();
  return ({ subject }) => {
    const key = JSON.stringify(subject);
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  };
}
