import type { Evidence } from '../evidence.ts';
import { metricText } from '../evidence.ts';
import { brokenBy, type Container, citeContainer, type Facts } from '../facts.ts';
import { keyOf, subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { containerInWords } from '../invented-name.ts';
import { textAt, wordAt } from '../json-path.ts';
import { isComplaint } from '../messages/log-line.ts';
import { parseMemoryKill } from '../messages/memory-kill.ts';
import { parseQuantity } from '../quantity.ts';
import { raiseMemory } from '../remedies.ts';
import { finding, groupBy } from '../said.ts';

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

type Kill = {
  container: Container;
  limit: string | undefined;
  isTold: boolean;
  isShown: boolean;
  evidence: Evidence[];
};

/** A log alone proves no kill, and one that only fits an exit by SIGKILL changes no limit: programs may write what they like. */
function killOf(facts: Facts, container: Container): Kill[] {
  const isTold = container.ended.some(({ reason }) => reason === 'OOMKilled');
  const sigkill = container.ended.some(({ exit_code }) => exit_code === 137);
  if (!(isTold || sigkill) || fares(facts, container)) return [];
  const kernel = kernelWords(facts, container);
  const server = serverWords(facts, container);
  const metrics = sigkill ? atLimit(facts, container) : [];
  const isShown = isTold || kernel.length > 0 || metrics.length > 0;
  if (!isShown && server.length === 0) return [];
  const status = citeContainer(container, isTold ? 'terminated.reason: OOMKilled' : 'terminated.exitCode: 137');
  const limit = wordAt(container.spec, 'resources.limits.memory');
  return [{ container, limit, isTold, isShown, evidence: [...status, ...kernel, ...server, ...metrics] }];
}

/** Replicas of one container die alike; each container of a pod that died is told of. */
function explain(facts: Facts, kills: readonly Kill[]): Hypothesis[] {
  const [first] = kills;
  if (first === undefined) return [];
  const subject = brokenBy(facts, first.container.pod);
  const each = groupBy(kills, ({ container }) => container.name).flatMap(([one]) => one ?? []);
  const words = each.map(
    ({ container, limit }) =>
      `${containerInWords(container)} was killed for memory${limit === undefined ? '' : ` at its limit of ${limit}`}`,
  );
  return [
    finding({
      category: 'oom_killed',
      subject,
      description: words.join('; '),
      weight: kills.some(({ isTold }) => isTold) ? 0.97 : 0.86,
      evidence: each.flatMap(({ evidence }) => evidence),
      affects: kills.map(({ container }) => subjectOf(container.pod)),
      recommendations: each.flatMap(({ container, isShown }) => (isShown ? raiseMemory(container, subject) : [])),
    }),
  ];
}

/** Containers that the kernel killed for memory: by their status, or by an exit by SIGKILL that the node's words, a server's or its metrics explain. */
export const memoryLimit: Rule = (facts) =>
  groupBy(
    facts.containers.flatMap((container) => killOf(facts, container)),
    ({ container }) => keyOf(brokenBy(facts, container.pod)),
  ).flatMap((kills) => explain(facts, kills));
