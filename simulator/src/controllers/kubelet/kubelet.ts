import { keyOf } from '../cluster-view.ts';
import { isFinished } from '../pod-state.ts';
import { isTerminating, referenceTo } from '../references.ts';
import { untolerated } from '../scheduler/tolerations.ts';
import type { Timers } from '../timers.ts';
import type { Node, Pod } from '../types.ts';
import { microTime, wireTime } from '../wire-time.ts';
import type { World } from '../world.ts';
import type { LogLine } from './container-log.ts';
import { evictionMessage, evictionVictim } from './eviction-rules.ts';
import type { MissingImages } from './images.ts';
import { type DiskState, kubeletConditions, registeredStatus } from './node-status-rules.ts';
import { type NodeFacts, PodWorker } from './pod-worker.ts';

const leaseSeconds = 10;
const statusSeconds = 300;
const evictionSeconds = 10;
const leaseNamespace = 'kube-node-lease';

/** The node agent of one node: its heartbeats, its pods, its disk. */
export class Kubelet {
  readonly #world: World;
  readonly #node: NodeFacts;
  readonly #workers = new Map<string, PodWorker>();
  #timers: Timers | undefined;
  #evictions: Timers | undefined;
  #disk: DiskState = 'enough';
  #wasSchedulable = true;

  constructor(
    world: World,
    { name, index, missingImages }: { name: string; index: number; missingImages: MissingImages },
  ) {
    this.#world = world;
    let lastPod = 1;
    const nextPodIP = () => {
      lastPod = (lastPod % 250) + 1;
      return `10.244.${index}.${lastPod + 1}`;
    };
    this.#node = { name, ip: `10.0.0.${10 + index}`, imagesOnNode: new Set(), missingImages, nextPodIP };
  }

  get isRunning(): boolean {
    return this.#timers !== undefined;
  }

  start(): void {
    if (this.#timers !== undefined) return;
    const { timers } = this.#world;
    this.#timers = timers.scope();
    this.#register();
    this.#beat();
    this.#timers.every(leaseSeconds, () => this.#beat());
    this.#timers.every(statusSeconds, () => this.#reportConditions());
    for (const pod of this.#world.view.podsOn(this.#node.name)) this.sync(pod);
  }

  /** The node dies: no heartbeat, no status, pods are left as they are. */
  stop(): void {
    this.#timers?.stop();
    this.#timers = undefined;
    this.#evictions?.stop();
    for (const worker of this.#workers.values()) worker.abandon();
    this.#workers.clear();
  }

  /** Takes in the state of a pod that is bound to this node. */
  sync(pod: Pod): void {
    if (!this.isRunning) return;
    const key = keyOf(pod);
    const worker = this.#workers.get(key);
    if (worker !== undefined && worker.pod.metadata.uid === pod.metadata.uid) {
      worker.update(pod);
      return;
    }
    this.forget(key);
    if (isTerminating(pod)) this.#world.objects.remove(pod);
    else if (!isFinished(pod)) this.#admit(key, pod);
  }

  /** A pod of this node is gone. */
  forget(key: string): void {
    this.#workers.get(key)?.abandon();
    this.#workers.delete(key);
  }

  setDisk(disk: DiskState): void {
    if (this.#disk === disk || this.#timers === undefined) return;
    this.#disk = disk;
    this.#evictions?.stop();
    if (disk === 'pressure') this.#startEvicting(this.#timers.scope());
    this.#reportConditions();
    this.#say('Normal', disk === 'pressure' ? 'NodeHasDiskPressure' : 'NodeHasNoDiskPressure');
  }

  /** The kubelet says so when its node is cordoned or uncordoned. */
  noteSchedulable(isSchedulable: boolean): void {
    if (!this.isRunning || this.#wasSchedulable === isSchedulable) return;
    this.#wasSchedulable = isSchedulable;
    this.#say('Normal', isSchedulable ? 'NodeSchedulable' : 'NodeNotSchedulable');
  }

  readLog(podKey: string, container: string, which: 'current' | 'previous'): readonly LogLine[] | undefined {
    return this.#workers.get(podKey)?.readLog(container, which);
  }

  #admit(key: string, pod: Pod): void {
    const taint = { key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' as const };
    if (this.#disk === 'pressure' && untolerated([taint], pod.spec.tolerations ?? [], ['NoSchedule']).length > 0) {
      this.#reject(pod);
      return;
    }
    const worker = new PodWorker(this.#world, this.#node, pod);
    this.#workers.set(key, worker);
    worker.start();
  }

  #reject(pod: Pod): void {
    const message = 'The node had condition: [DiskPressure]. ';
    this.#reportOn(pod, { type: 'Warning', reason: 'Evicted', message });
    const failed = { phase: 'Failed' as const, reason: 'Evicted', message: `Pod was rejected: ${message}` };
    this.#world.objects.setStatus(pod, { ...pod.status, ...failed, startTime: wireTime(this.#world.clock.now()) });
  }

  #startEvicting(timers: Timers): void {
    this.#evictions = timers;
    const reclaim = () => {
      this.#say('Warning', 'EvictionThresholdMet', 'Attempting to reclaim ephemeral-storage');
      const running = [...this.#workers.values()].filter(({ pod }) => !isFinished(pod) && !isTerminating(pod));
      const victim = evictionVictim(running.map(({ pod }) => pod));
      const worker = running.find(({ pod }) => pod === victim);
      if (worker !== undefined) this.#evict(worker);
    };
    reclaim();
    timers.every(evictionSeconds, reclaim);
  }

  #evict(worker: PodWorker): void {
    const message = evictionMessage(worker.pod);
    this.#reportOn(worker.pod, { type: 'Warning', reason: 'Evicted', message });
    worker.evict(message);
  }

  #register(): void {
    const node = this.#stored();
    if (node === undefined) return;
    this.#disk = 'enough';
    const facts = { ip: this.#node.ip, disk: this.#disk, now: wireTime(this.#world.clock.now()) };
    this.#say('Normal', 'Starting', 'Starting kubelet.');
    this.#world.objects.setStatus(node, registeredStatus(node, facts));
    for (const reason of ['NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID', 'NodeReady']) {
      this.#say('Normal', reason);
    }
  }

  #reportConditions(): void {
    const node = this.#stored();
    if (node === undefined) return;
    const conditions = kubeletConditions(node, { disk: this.#disk, now: wireTime(this.#world.clock.now()) });
    this.#world.objects.setStatus(node, { ...node.status, conditions });
  }

  #beat(): void {
    const { objects, clock } = this.#world;
    const { name } = this.#node;
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: microTime(clock.now()) };
    const lease = objects.get('Lease', leaseNamespace, name);
    if (lease === undefined) {
      const metadata = { name, namespace: leaseNamespace };
      objects.create({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec });
      return;
    }
    objects.mutate(lease, (draft) => {
      draft.spec = spec;
    });
  }

  #stored(): Node | undefined {
    return this.#world.objects.get('Node', undefined, this.#node.name);
  }

  #say(type: 'Normal' | 'Warning', reason: string, message?: string): void {
    const { name } = this.#node;
    const about = { kind: 'Node', name, uid: name };
    const words = message ?? `Node ${name} status is now: ${reason}`;
    this.#world.events.record({ component: 'kubelet', host: name }, { about, type, reason, message: words });
  }

  #reportOn(pod: Pod, notice: { type: 'Normal' | 'Warning'; reason: string; message: string }): void {
    this.#world.events.record({ component: 'kubelet', host: this.#node.name }, { about: referenceTo(pod), ...notice });
  }
}
