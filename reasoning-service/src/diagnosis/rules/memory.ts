import type { Evidence } from '../evidence.ts';
import { metricText } from '../evidence.ts';
import { brokenBy, type Container, citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { textAt, wordAt } from '../json-path.ts';
import { isComplaint } from '../messages/log-line.ts';
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

/** The kernel's words about the node of a container. */
function kernelWords(facts: Facts, { pod }: Container): Evidence[] {
  const node = textAt(pod.body, 'spec.nodeName');
  return facts
    .events({ reason: ['OOMKilling', 'SystemOOM'] })
    .filter(({ name, message }) => (node === undefined || name === node) && parseMemoryKill(message) !== undefined)
    .map(({ id, message }) => ({ id, quote: message }));
}

/** What a server complains of when it lost a worker. */
const serverWords = (facts: Facts, { pod, name }: Container): Evidence[] =>
  facts.logsOf(pod.name, name).flatMap((log) =>
    facts
      .statements(log)
      .filter((statement) => isComplaint(statement) && parseMemoryKill(statement.text) !== undefined)
      .slice(0, 2)
      .map(({ line }) => ({ id: log.id, quote: line })),
  );

/** A log alone proves no kill, and one that only fits an exit by SIGKILL changes no limit: programs may write what they like. */
function killed(facts: Facts, container: Container): Hypothesis[] {
  const told = container.ended.some(({ reason }) => reason === 'OOMKilled');
  const sigkill = container.ended.some(({ exit_code }) => exit_code === 137);
  if (!(told || sigkill) || fares(facts, container)) return [];
  const kernel = kernelWords(facts, container);
  const server = serverWords(facts, container);
  const metrics = sigkill ? atLimit(facts, container) : [];
  const isShown = told || kernel.length > 0 || metrics.length > 0;
  if (!isShown && server.length === 0) return [];
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
        ...kernel,
        ...server,
        ...metrics,
      ],
      affects: [subjectOf(container.pod)],
      recommendations: isShown ? raiseMemory(container, subject) : [],
    }),
  ];
}

/** Containers that the kernel killed for memory: by their status, or by an exit by SIGKILL that the node's words, a server's or its metrics explain. */
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
