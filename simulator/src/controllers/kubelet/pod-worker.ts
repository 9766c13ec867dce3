import { isDeepStrictEqual } from 'node:util';
import { isFinished } from '../pod-state.ts';
import { containerReference, referenceTo } from '../references.ts';
import type { Timers } from '../timers.ts';
import type { Container, Pod } from '../types.ts';
import { wireTime } from '../wire-time.ts';
import type { World } from '../world.ts';
import type { ContainerHost, ContainerNotice } from './container-host.ts';
import type { LogLine } from './container-log.ts';
import { ContainerRunner } from './container-runner.ts';
import { mountProblem } from './environment.ts';
import type { MissingImages } from './images.ts';
import { podStatus } from './pod-status-rules.ts';

/** The node on which a pod runs, as far as its pods see it. */
export type NodeFacts = {
  name: string;
  ip: string;
  imagesOnNode: Set<string>;
  missingImages: MissingImages;
  nextPodIP(): string;
};

const longestMountRetrySeconds = 122;

/** Runs one pod on a node from its binding to its removal. */
export class PodWorker {
  readonly #world: World;
  readonly #node: NodeFacts;
  readonly #timers: Timers;
  readonly #podIP: string;
  readonly #runners: ContainerRunner[];
  #pod: Pod;
  #mountRetrySeconds = 0.5;
  #isStopping = false;

  constructor(world: World, node: NodeFacts, pod: Pod) {
    this.#world = world;
    this.#node = node;
    this.#pod = pod;
    this.#timers = world.timers.scope();
    this.#podIP = pod.spec.hostNetwork ? node.ip : node.nextPodIP();
    const host = this.#host();
    this.#runners = pod.spec.containers.map(
      (container) => new ContainerRunner(host, container, statusBefore(pod, container)),
    );
  }

  get pod(): Pod {
    return this.#pod;
  }

  start(): void {
    this.#publish();
    this.#mount();
  }

  /** Takes in the pod's new state. */
  update(pod: Pod): void {
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp === undefined) return;
    if (isFinished(pod)) this.#world.objects.remove(pod);
    else this.#terminate();
  }

  /** Stops caring for the pod: the kubelet is down, or the pod is gone. Nothing of its status changes. */
  abandon(): void {
    this.#timers.stop();
  }

  /** Throws the pod off the node; it stays as a failed one. */
  evict(message: string): void {
    this.#timers.stop();
    for (const runner of this.#runners) runner.kill();
    const now = wireTime(this.#world.clock.now());
    const disruption = { type: 'DisruptionTarget', status: 'True' as const, reason: 'TerminationByKubelet', message };
    const status = this.#status(now);
    const conditions = (status.conditions ?? []).map((condition) =>
      condition.type === 'Ready' || condition.type === 'ContainersReady'
        ? { ...condition, status: 'False' as const, reason: 'PodFailed', lastTransitionTime: now }
        : condition,
    );
    const failed = { ...status, phase: 'Failed' as const, reason: 'Evicted', message };
    this.#world.objects.setStatus(this.#pod, {
      ...failed,
      conditions: [{ ...disruption, lastTransitionTime: now }, ...conditions],
    });
  }

  readLog(containerName: string, which: 'current' | 'previous'): readonly LogLine[] | undefined {
    const index = this.#pod.spec.containers.findIndex(({ name }) => name === containerName);
    return this.#runners[index]?.log.read(which);
  }

  #mount(): void {
    const problem = mountProblem(this.#pod.spec.volumes ?? [], (kind, name) => this.#lookup(kind, name));
    if (problem === undefined) {
      for (const runner of this.#runners) runner.start();
      return;
    }
    this.#report(undefined, { type: 'Warning', reason: 'FailedMount', message: problem });
    this.#timers.after(this.#mountRetrySeconds, () => this.#mount());
    this.#mountRetrySeconds = Math.min(longestMountRetrySeconds, this.#mountRetrySeconds * 2);
  }

  #terminate(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    let left = this.#runners.length;
    const ended = () => {
      left -= 1;
      if (left === 0) this.#timers.after(0.2, () => this.#world.objects.remove(this.#pod));
    };
    for (const runner of this.#runners) runner.stop(ended);
  }

  #host(): ContainerHost {
    const { clock, random, speed } = this.#world;
    return {
      pod: () => this.#pod,
      podIP: this.#podIP,
      report: (container, notice) => this.#report(container, notice),
      changed: () => this.#publish(),
      lookup: (kind, name) => this.#lookup(kind, name),
      missingImages: this.#node.missingImages,
      imagesOnNode: this.#node.imagesOnNode,
      timers: this.#timers,
      clock,
      random,
      speed,
    };
  }

  #lookup(kind: 'ConfigMap' | 'Secret', name: string) {
    const found = this.#world.objects.get(kind, this.#pod.metadata.namespace, name);
    if (found === undefined) return undefined;
    const entries = Object.entries(found.data ?? {});
    return Object.fromEntries(kind === 'Secret' ? entries.map(([key, value]) => [key, atob(value)]) : entries);
  }

  #report(container: Container | undefined, notice: ContainerNotice): void {
    const about = container === undefined ? referenceTo(this.#pod) : containerReference(this.#pod, container);
    this.#world.events.record({ component: 'kubelet', host: this.#node.name }, { about, ...notice });
  }

  #status(now: string) {
    const containers = this.#runners.map(({ status }) => status);
    const hasSandbox = containers.some(({ state }) => state.waiting?.reason !== 'ContainerCreating');
    return podStatus(this.#pod, {
      containers,
      now,
      hostIP: this.#node.ip,
      podIP: hasSandbox ? this.#podIP : undefined,
    });
  }

  #publish(): void {
    const { objects, clock } = this.#world;
    const stored = objects.get('Pod', this.#pod.metadata.namespace, this.#pod.metadata.name);
    if (stored === undefined || stored.metadata.uid !== this.#pod.metadata.uid || isFinished(stored)) return;
    this.#pod = stored;
    const status = this.#status(wireTime(clock.now()));
    if (!isDeepStrictEqual(stored.status, status)) objects.setStatus(stored, status);
  }
}

const statusBefore = (pod: Pod, { name }: Container) =>
  pod.status?.containerStatuses?.find((status) => status.name === name);
