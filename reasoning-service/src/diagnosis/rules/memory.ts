import type { BundleEvent, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { metricText } from '../evidence.ts';
import { brokenBy, type Container, citeContainer, type Facts } from '../facts.ts';
import { keyOf, subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { containerInWords } from '../invented-name.ts';
import { textAt, wordAt } from '../json-path.ts';
import { citeKill, isKilled, isKilledInThisRun } from '../killed-container.ts';
import { isComplaint } from '../messages/log-line.ts';
import { parseMemoryKill } from '../messages/memory-kill.ts';
import { hasName } from '../messages/name-word.ts';
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

const kernelKills = (facts: Facts): BundleEvent[] =>
  facts.events({ reason: ['OOMKilling', 'SystemOOM'] }).filter(({ message }) => parseMemoryKill(message) !== undefined);

/** The kernel's words that name a container, else those about its node. */
function kernelWords(facts: Facts, container: Container): Evidence[] {
  const node = textAt(container.pod.body, 'spec.nodeName');
  return kernelKills(facts)
    .filter(({ kind, name, message }) => {
      const killed = isKilled(message, container);
      // Of a pod whose node is not told, what some node says of none is not said.
      return killed === 'yes' || (killed === 'untold' && (node === undefined ? kind !== 'Node' : name === node));
    })
    .flatMap(citeKill);
}

/** The nodes whose kernel names one of them: there it ran, whether or not its own status tells where. */
const nodesOf = (facts: Facts, kills: readonly Kill[]): Subject[] =>
  kernelKills(facts)
    .filter(({ kind, message }) => kind === 'Node' && kills.some((one) => isKilled(message, one.container) === 'yes'))
    .map(subjectOf);

const isNamed = (facts: Facts, container: Container): boolean =>
  kernelKills(facts).some(({ message }) => isKilled(message, container) === 'yes');

/** What a server complains of when it lost a worker. */
const serverWords = (facts: Facts, { pod, name }: Container): Evidence[] =>
  facts.logsOf(pod, name).flatMap((log) =>
    facts
      .statements(log)
      .filter((statement) => isComplaint(statement) && parseMemoryKill(statement.text) !== undefined)
      .slice(0, 2)
      .map(({ line }) => ({ id: log.id, quote: line })),
  );

const byKill = /\bSIGKILL\b|\bsignal 9\b/;
const ofOtherEnd = /error|exception|panic|fatal|cannot|fail/i;
const isTroubled = ({ restarts, isReady }: Container): boolean => restarts > 0 || !isReady;

/** Whether its end may have been a kill: nothing tells another one, or its log speaks of it. */
function mayBeKilled(facts: Facts, { pod, ended }: Container): boolean {
  const said = facts.logsOf(pod).flatMap(({ lines }) => lines);
  if (said.some((line) => byKill.test(line))) return true;
  return ended.every(({ exit_code }) => exit_code === undefined) && !said.some((line) => ofOtherEnd.test(line));
}

/** What the kernel says of kills on a node that it does not name, and that may have been in a container. */
const killsSomewhere = (facts: Facts, container: Container): Evidence[] =>
  facts
    .events({ reason: ['OOMKilling'], kind: 'Log' })
    .filter(({ component, message }) => component === 'kernel' && isKilled(message, container) === 'untold')
    .flatMap(citeKill);

/** The kernel's words of a node that they do not name, where one container alone can be meant. */
function wordsBeside(facts: Facts, container: Container): Evidence[] {
  const [only, ...others] = facts.containers.filter(isTroubled);
  const isMeant = only === container && others.length === 0;
  if (!isMeant) return [];
  return container.ended.some(({ exit_code }) => exit_code === 137) || mayBeKilled(facts, container)
    ? killsSomewhere(facts, container)
    : [];
}

/** What a program or a shell says when a process that it had started was ended by SIGKILL. */
const ofChild =
  /\bsent SIGKILL\b|\bsignal 9\b|signal: killed|exited with (?:code |status )?137\b|: line \d{1,6}: +\d{1,10} Killed\b/;

function lostChildren(facts: Facts, { pod, name }: Container): Evidence[] {
  // A row of a table does not name the only container, and so its log may have another name.
  const isOnly = facts.containersOf(subjectOf(pod)).length === 1;
  return facts.logsOf(pod, isOnly ? undefined : name).flatMap(({ id, lines }) =>
    lines
      .filter((line) => ofChild.test(line))
      .slice(-2)
      .map((quote) => ({ id, quote: quote.slice(0, 500) })),
  );
}

/** A process that the kernel killed below a container that goes on, which it names. */
function namedBelow(facts: Facts, container: Container): Kill[] {
  const told = kernelKills(facts).filter(({ message }) => isKilledInThisRun(message, container));
  return told.length === 0 || !fares(facts, container) ? [] : [belowOf(container, told.slice(-2).flatMap(citeKill))];
}

const isCalled = ({ pod, name, image }: Container, process: string): boolean =>
  hasName([pod.name, name, image ?? ''].join(' '), process);

/** What the kernel of its node says of kills that it lays to nobody, but for those of a program that another container there is called after. */
function killsOnNode(facts: Facts, container: Container): Evidence[] {
  const node = textAt(container.pod.body, 'spec.nodeName');
  const beside = facts.containers.filter((one) => textAt(one.pod.body, 'spec.nodeName') === node);
  const isOfOther = (process: string): boolean =>
    !isCalled(container, process) && beside.some((one) => isCalled(one, process));
  return kernelKills(facts)
    .filter(({ kind, name }) => kind === 'Node' && name === node)
    .filter(({ message }) => isKilled(message, container) === 'untold')
    .filter(({ message }) => !isOfOther(parseMemoryKill(message)?.process ?? ''))
    .flatMap(citeKill);
}

/** The same where the kernel names none: where the containers of one workload alone tell that they lost one. */
function killBelow(facts: Facts): Kill[] {
  const all = facts.containers
    .map((container) => ({ container, lost: lostChildren(facts, container) }))
    .filter(({ lost }) => lost.length > 0);
  if (new Set(all.map(({ container: { pod, name } }) => `${keyOf(brokenBy(facts, pod))} ${name}`)).size > 1) return [];
  return all
    .filter(({ container }) => fares(facts, container))
    .flatMap(({ container, lost }) => {
      const told = [...killsSomewhere(facts, container), ...killsOnNode(facts, container)].slice(-2);
      return told.length === 0 ? [] : [belowOf(container, [...told, ...lost])];
    });
}

/** The same where what the container uses stands at its limit: that is what its log takes for the reason. */
const fullBelow = (facts: Facts, container: Container): Kill[] => {
  const lost = fares(facts, container) ? lostChildren(facts, container) : [];
  const full = lost.length === 0 ? [] : atLimit(facts, container);
  return full.length === 0 ? [] : [belowOf(container, [...full, ...lost])];
};

const belowOf = (container: Container, evidence: Evidence[]): Kill => ({
  ...{ container, limit: wordAt(container.spec, 'resources.limits.memory'), evidence },
  ...{ isTold: false, isShown: false, isOfChild: true },
});

type Kill = {
  container: Container;
  limit: string | undefined;
  isTold: boolean;
  isShown: boolean;
  /** The container itself goes on. */
  isOfChild: boolean;
  evidence: Evidence[];
};

/** A log alone proves no kill, and neither one that only fits an exit by SIGKILL nor words of a node that name no container change a limit. */
function killOf(facts: Facts, container: Container): Kill[] {
  const isTold = container.ended.some(({ reason }) => reason === 'OOMKilled');
  const sigkill = container.ended.some(({ exit_code }) => exit_code === 137);
  if (fares(facts, container)) return [];
  const beside = wordsBeside(facts, container);
  if (!(isTold || sigkill || beside.length > 0 || isNamed(facts, container))) return [];
  const kernel = kernelWords(facts, container);
  const server = serverWords(facts, container);
  const metrics = sigkill ? atLimit(facts, container) : [];
  const isShown = isTold || kernel.length > 0 || metrics.length > 0;
  if (!isShown && server.length + beside.length === 0) return [];
  const status = isTold
    ? citeContainer(container, 'terminated.reason: OOMKilled')
    : citeContainer(container, sigkill ? 'terminated.exitCode: 137' : 'restartCount: ');
  const limit = wordAt(container.spec, 'resources.limits.memory');
  const evidence = [...status, ...kernel, ...beside, ...server, ...metrics];
  return [{ container, limit, isTold, isShown, isOfChild: false, evidence }];
}

/** Replicas of one container die alike; each container of a pod that died is told of. */
function explain(facts: Facts, kills: readonly Kill[]): Hypothesis[] {
  const [first] = kills;
  if (first === undefined) return [];
  const subject = brokenBy(facts, first.container.pod);
  const each = groupBy(kills, ({ container }) => container.name).flatMap(([one]) => one ?? []);
  const words = each.map(
    ({ container, limit, isOfChild }) =>
      `${isOfChild ? 'a process of ' : ''}${containerInWords(container)} was killed for memory${limit === undefined ? '' : ` at its limit of ${limit}`}`,
  );
  return [
    finding({
      category: 'oom_killed',
      subject,
      description: words.join('; '),
      weight: kills.some(({ isTold }) => isTold) ? 0.97 : 0.86,
      evidence: each.flatMap(({ evidence }) => evidence),
      affects: [...kills.map(({ container }) => subjectOf(container.pod)), ...nodesOf(facts, kills)],
      recommendations: each.flatMap(({ container, isShown }) => (isShown ? raiseMemory(container, subject) : [])),
    }),
  ];
}

/**
 * Containers that the kernel killed for memory: by their status, or by an exit by SIGKILL that the node's words, a server's or its
 * metrics explain; or a process below one, of which the container's log tells and the kernel, or a use at the limit.
 */
export const memoryLimit: Rule = (facts) =>
  groupBy(
    [
      ...facts.containers.flatMap((one) => [
        ...killOf(facts, one),
        ...namedBelow(facts, one),
        ...fullBelow(facts, one),
      ]),
      ...killBelow(facts),
    ],
    ({ container }) => keyOf(brokenBy(facts, container.pod)),
  ).flatMap((kills) => explain(facts, kills));
