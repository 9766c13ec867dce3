import {
  type BundleEvent,
  type BundleObject,
  type Category,
  type JsonObject,
  type Subject,
  seconds,
} from '@aetherius/shared/contracts';
import { inWords } from '../comparison/change-words.ts';
import { type Container, citeContainer, citeEvents, citeObject, type Facts } from '../facts.ts';
import { keyOf, subjectOf } from '../graph/object-key.ts';
import { containersIn, podShapeOf } from '../graph/pod-spec.ts';
import { ageOf } from '../health/health.ts';
import { isLeaving } from '../health/held-deletion.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { containerInWords } from '../invented-name.ts';
import { numberAt, objectAt, objectsAt, textAt, valueAt } from '../json-path.ts';
import { type ProbeKind, parseProbe, parseProbeKill } from '../messages/probe.ts';
import { recentRollout, rollBack } from '../remedies.ts';
import { finding, groupBy } from '../said.ts';
import { isCrashing } from './crash.ts';
import { isDesignOnly } from './references.ts';

const categories: Record<ProbeKind, Category> = {
  liveness: 'probe_liveness_misconfigured',
  readiness: 'probe_readiness_failed',
  startup: 'probe_startup_failed',
};
/** Probes that fail once or twice are how a start looks; the liveness probe waits for its start and is not asked before. */
const repeated: Record<ProbeKind, number> = { liveness: 2, readiness: 3, startup: 3 };

/** No start that is going well takes so long. */
const LONG_AFTER_START = seconds('10m');

type Failing = { event: BundleEvent; kind: ProbeKind; about: Subject };

const failing = (facts: Facts): Failing[] =>
  facts.events({ kind: 'Pod', reason: ['Unhealthy'] }).flatMap((event) => {
    const failure = parseProbe(event.message);
    const isEnd = failure?.kind === 'readiness' && isOnItsWayOut(facts, subjectOf(event));
    return failure === undefined || isEnd ? [] : [{ event, kind: failure.kind, about: subjectOf(event) }];
  });

/** Who was told to go and has time left for it takes no requests any more, and says so. */
function isOnItsWayOut({ graph, health }: Facts, about: Subject): boolean {
  const pod = graph.find(about);
  return pod !== undefined && isLeaving(pod) && health(pod).state === 'progressing';
}

const kills = (facts: Facts, about: Subject, kind: ProbeKind): BundleEvent[] =>
  facts.eventsOf(about, { reason: ['Killing'] }).filter(({ message }) => parseProbeKill(message)?.kind === kind);

/** What a program ends with that was told to stop, and then made to. */
const stopped = new Set([137, 143]);
const KUBELETS_DEFAULT = 3;

/** Started anew after it was stopped, and the probe failed as often in a row as the kubelet waits for: nobody else restarts it so. */
const isStopped = ({ spec, restarts, ended }: Container, kind: ProbeKind, count: number): boolean =>
  restarts > 0 &&
  ended.length > 0 &&
  ended.every(({ reason, exit_code: code }) => reason !== 'OOMKilled' && stopped.has(code ?? 0)) &&
  objectAt(spec, `${kind}Probe`) !== undefined &&
  count >= (numberAt(spec, `${kind}Probe.failureThreshold`) ?? KUBELETS_DEFAULT);

/** A program that ends by itself answers no probe: its end is the cause. */
const endsByItself = (facts: Facts, { about, kind }: Failing, count: number): boolean =>
  facts
    .containersOf(about)
    .some((container) => isCrashing(facts, container) && (kind === 'readiness' || !isStopped(container, kind, count)));

/** All that runs there runs for the first time: the kubelet has restarted nothing. */
function isFirstRun(facts: Facts, { about }: Failing): boolean {
  const containers = facts.containersOf(about);
  return containers.length > 0 && containers.every((one) => one.isRunning && one.restarts === 0);
}

/** Nothing came of the failures: fewer came in a row than the kubelet waits for, and the pod is up or has time to get there. */
const isSpared = (facts: Facts, one: Failing): boolean =>
  one.kind !== 'readiness' &&
  isFirstRun(facts, one) &&
  facts.containersOf(one.about).every(({ pod }) => facts.health(pod).state !== 'broken');

/** What a probe that fails does to its container, as far as it has come. */
function effectOf(facts: Facts, one: Failing, isKilled: boolean): string {
  if (one.kind === 'readiness') return 'the pod is kept out of service';
  if (isKilled || !isFirstRun(facts, one)) return 'the kubelet restarts the container';
  return one.kind === 'startup' ? 'the container does not get through its start' : 'the container is not well';
}

/** A table of events does not count; a pod that never started again and whose time to start is over without its being ready has failed often enough. */
const isKeptOut = (facts: Facts, about: Subject): boolean =>
  facts
    .containersOf(about)
    .some(
      ({ pod, isRunning, isReady, restarts }) =>
        isRunning && !isReady && restarts === 0 && facts.health(pod).state === 'broken',
    );

const ageOfPod = (facts: Facts, pod: BundleObject): number =>
  ageOf(pod.body, 'metadata.creationTimestamp', facts.now) ?? ageOf(pod.body, 'status.startTime', facts.now) ?? 0;

/** A program that answers and knows nothing there, or nothing for anybody, is up: one that starts refuses, waits or is unavailable. */
const turnsAway = new Set([400, 401, 403, 404, 405, 410, 501]);
/** Some servers listen before they know what they serve. */
const SETTLED = seconds('1m');

const isTurnedAway = (facts: Facts, { event, about }: Failing): boolean =>
  turnsAway.has(parseProbe(event.message)?.status ?? 0) &&
  facts
    .containersOf(about)
    .some(({ pod, isRunning, isReady }) => isRunning && !isReady && ageOfPod(facts, pod) > SETTLED);

const isOften = (facts: Facts, first: Failing, count: number): boolean =>
  count >= repeated[first.kind] ||
  (first.kind === 'readiness' && (isKeptOut(facts, first.about) || isTurnedAway(facts, first)));

function explain(facts: Facts, group: readonly Failing[]): Hypothesis[] {
  const [first] = group;
  if (first === undefined) return [];
  const { kind, event, about } = first;
  const killing = group.flatMap((one) => kills(facts, one.about, kind));
  const count = group.reduce((sum, one) => sum + one.event.count, 0);
  const isTold = isOften(facts, first, count) && !isSpared(facts, first) && !endsByItself(facts, first, count);
  if (killing.length === 0 && !isTold) return [];
  const subject = facts.top(about);
  const rollout = recentRollout(facts, subject);
  return [
    finding({
      category: categories[kind],
      subject,
      description: `${effectOf(facts, first, killing.length > 0)} because its ${kind} probe fails: ${event.message.slice(0, 300)}${rollout === undefined ? '' : ` (${inWords(rollout)})`}`,
      weight: killing.length > 0 ? 0.95 : 0.87,
      evidence: [
        ...citeEvents(
          group.map((one) => one.event),
          2,
        ),
        ...citeEvents(killing, 1),
      ],
      affects: group.map((one) => one.about),
      recommendations: rollBack(rollout, subject),
    }),
  ];
}

/** Probes that fail again and again, and restarts that the kubelet makes for them. */
export const failingProbe: Rule = (facts) =>
  groupBy(failing(facts), ({ about, kind }) => JSON.stringify([facts.top(about), kind])).flatMap((group) =>
    explain(facts, group),
  );

/**
 * Containers that run, have never ended and are not ready: Kubernetes calls a container ready as soon as it runs unless a probe says
 * otherwise, so one does, whether or not an event tells of it.
 */
const heldBack = (facts: Facts): Container[] =>
  facts.containers.filter(
    ({ pod, isRunning, isReady, restarts, ended, hasStarted }) =>
      isRunning &&
      !isReady &&
      !isLeaving(pod) &&
      hasStarted !== false &&
      restarts === 0 &&
      ended.length === 0 &&
      facts.health(pod).state === 'broken' &&
      textAt(pod.body, 'status.phase') === 'Running' &&
      ageOfPod(facts, pod) > LONG_AFTER_START,
  );

/** Readiness probes that must be failing although no event is there that says so. */
export const silentProbe: Rule = (facts) => {
  const told = new Set(failing(facts).map(({ about }) => keyOf(about)));
  const silent = heldBack(facts).filter(({ pod }) => !told.has(keyOf(pod)));
  return groupBy(silent, ({ pod }) => keyOf(facts.top(subjectOf(pod)))).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const isStated = group.some(({ spec }) => objectAt(spec, 'readinessProbe') !== undefined);
    const probe = isStated ? 'its readiness probe' : 'a readiness probe';
    return finding({
      category: 'probe_readiness_failed',
      subject: facts.top(subjectOf(first.pod)),
      description: `${containerInWords(first)} runs and is not ready: ${probe} does not succeed, and no event tells what it answers`,
      weight: isStated ? 0.8 : 0.7,
      evidence: group.flatMap((one) => [
        ...citeContainer(one, 'ready: false'),
        ...(isStated ? citeObject(one.pod, 'readinessProbe') : []),
      ]),
      affects: group.map(({ pod }) => subjectOf(pod)),
    });
  });
};

/** A port that a probe asks and the container does not declare, when it declares any. */
function wrongPort(container: JsonObject, probe: string): string | undefined {
  const port =
    valueAt(container, `${probe}.httpGet.port`) ??
    valueAt(container, `${probe}.tcpSocket.port`) ??
    valueAt(container, `${probe}.grpc.port`);
  const declared = objectsAt(container, 'ports');
  if (port === undefined || port === null) return undefined;
  const isNamed = typeof port === 'string' && !/^\d+$/.test(port);
  if (declared.length === 0) return isNamed ? String(port) : undefined;
  const fits = declared.some(({ name, containerPort }) => name === port || String(containerPort) === String(port));
  return fits ? undefined : String(port);
}

function ofManifest(facts: Facts, object: BundleObject): Hypothesis[] {
  const shape = isDesignOnly(facts, object) ? podShapeOf(object) : undefined;
  if (shape === undefined) return [];
  return containersIn(shape.spec).flatMap((container) =>
    (['liveness', 'readiness', 'startup'] as const).flatMap((kind) => {
      const port = objectAt(container, `${kind}Probe`) === undefined ? undefined : wrongPort(container, `${kind}Probe`);
      if (port === undefined) return [];
      return finding({
        category: categories[kind],
        subject: facts.top(object),
        isByDesign: true,
        description: `the ${kind} probe of container ${textAt(container, 'name')} asks port ${port}, which the container does not declare`,
        weight: 0.82,
        evidence: [...citeObject(object, `.port: ${port}`), ...citeObject(object, 'containerPort: ')],
        affects: [subjectOf(object)],
      });
    }),
  );
}

/** Probes of manifests that ask a port which their container does not declare. */
export const probeOnWrongPort: Rule = (facts) =>
  facts.bundle.objects.filter(({ kind }) => kind !== 'ReplicaSet').flatMap((object) => ofManifest(facts, object));
