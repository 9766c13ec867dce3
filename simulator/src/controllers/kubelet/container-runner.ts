import type { Timers } from '../timers.ts';
import type { Container, ContainerState, ContainerStatus } from '../types.ts';
import { wireTime } from '../wire-time.ts';
import { type BackOff, backOffText, nextBackOff } from './back-off.ts';
import { behaviourOf, planRun, type Run, type RunExit } from './behaviour.ts';
import { type ContainerHost, resyncSeconds } from './container-host.ts';
import { ContainerLog } from './container-log.ts';
import { environmentOf } from './environment.ts';
import { ImagePuller } from './image-puller.ts';
import { fullImageName } from './images.ts';
import { Prober } from './prober.ts';

const shutdownSeconds = 1;
const configRetrySeconds = 12;

/** One container of a pod through all its runs: image, configuration, start, probes, end, back-off, restart. */
export class ContainerRunner {
  readonly log = new ContainerLog();
  readonly #host: ContainerHost;
  readonly #container: Container;
  readonly #puller: ImagePuller;
  #status: ContainerStatus;
  #crashes: BackOff | undefined;
  #run: Timers | undefined;

  constructor(host: ContainerHost, container: Container, before: ContainerStatus | undefined) {
    this.#host = host;
    this.#container = container;
    this.#status = initialStatus(container, before, wireTime(host.clock.now()));
    this.#puller = new ImagePuller(host, container, (reason, message) => this.#wait({ reason, message }));
  }

  get status(): ContainerStatus {
    return this.#status;
  }

  start(): void {
    this.#puller.ensure(() => this.#configure());
  }

  /** Ends the container from outside; `ended` is called when it has gone. */
  stop(ended: () => void): void {
    if (this.#status.state.running === undefined) {
      ended();
      return;
    }
    this.#announceStop();
    this.#run?.stop();
    this.#host.timers.after(shutdownSeconds, () => {
      this.#finish({ afterSeconds: 0, code: 0, reason: 'Completed', logs: ['received SIGTERM, shutting down'] });
      ended();
    });
  }

  /** Ends the container at once, as an eviction does. */
  kill(): void {
    this.#run?.stop();
    if (this.#status.state.running === undefined) return;
    this.#announceStop();
    this.#finish({ afterSeconds: 0, code: 137, reason: 'Error', logs: [] });
  }

  #announceStop(): void {
    const message = `Stopping container ${this.#container.name}`;
    this.#host.report(this.#container, { type: 'Normal', reason: 'Killing', message });
  }

  #configure(): void {
    const { metadata, spec } = this.#host.pod();
    const found = environmentOf(this.#container, metadata.namespace ?? 'default', this.#host.lookup);
    const program = behaviourOf(metadata.annotations, spec, this.#container);
    if ('problem' in found) this.#giveUp('CreateContainerConfigError', found.problem);
    else if ('problem' in program) this.#giveUp('CreateContainerError', program.problem);
    else this.#begin(planRun(program.behaviour, this.#container, found.env));
  }

  /** The container cannot be made as things are; the kubelet looks again later. */
  #giveUp(reason: string, problem: string): void {
    this.#host.report(this.#container, { type: 'Warning', reason: 'Failed', message: `Error: ${problem}` });
    this.#wait({ reason, message: problem });
    this.#host.timers.after(configRetrySeconds, () => this.start());
  }

  #begin(run: Run): void {
    const { clock, random, timers } = this.#host;
    if (this.#status.lastState.terminated !== undefined) this.log.rotate();
    this.#host.report(this.#container, { type: 'Normal', reason: 'Created', message: 'Container created' });
    this.#host.report(this.#container, { type: 'Normal', reason: 'Started', message: 'Container started' });
    const containerID = `containerd://${Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('')}`;
    const state: ContainerState = { running: { startedAt: wireTime(clock.now()) } };
    this.#status = {
      ...this.#status,
      containerID,
      imageID: imageId(this.#container),
      ready: false,
      started: false,
      state,
    };
    this.#run = timers.scope();
    this.#write(run.logs);
    const { exit } = run;
    if (exit !== undefined) this.#run.after(exit.afterSeconds, () => this.#end(exit));
    this.#host.changed();
    this.#probe(run, this.#run);
  }

  #probe({ serves }: Run, timers: Timers): void {
    const killed: RunExit = { afterSeconds: 0, code: 143, reason: 'Error', logs: ['received SIGTERM, shutting down'] };
    new Prober(
      this.#host,
      { container: this.#container, serves, timers },
      {
        started: () => this.#update({ started: true }),
        ready: (ready) => this.#update({ ready }),
        condemned: () => void timers.after(shutdownSeconds, () => this.#end(killed)),
      },
    ).start();
  }

  #end(exit: RunExit): void {
    this.#finish(exit);
    const policy = this.#host.pod().spec.restartPolicy ?? 'Always';
    if (policy === 'Never' || (policy === 'OnFailure' && exit.code === 0)) return;
    const { clock, speed, timers } = this.#host;
    this.#crashes = nextBackOff(this.#crashes, { nowMs: clock.now().getTime(), speed, first: 'immediate' });
    const { delaySeconds } = this.#crashes;
    timers.after(1, () => (delaySeconds === 0 ? this.#restart() : this.#holdOff(delaySeconds, delaySeconds)));
  }

  /** The API shows the end of the last run first; that the container is held back shows only at a later look. */
  #holdOff(secondsLeft: number, delaySeconds: number): void {
    const { metadata } = this.#host.pod();
    const named = `failed container ${this.#container.name} in pod`;
    const message = `Back-off restarting ${named} ${metadata.name}_${metadata.namespace}(${metadata.uid})`;
    this.#host.report(this.#container, { type: 'Warning', reason: 'BackOff', message });
    if (secondsLeft < delaySeconds) {
      const held = `back-off ${backOffText(delaySeconds)} restarting failed container=${this.#container.name}`;
      this.#wait({
        reason: 'CrashLoopBackOff',
        message: `${held} pod=${metadata.name}_${metadata.namespace}(${metadata.uid})`,
      });
    }
    const again = secondsLeft > resyncSeconds;
    const next = () => (again ? this.#holdOff(secondsLeft - resyncSeconds, delaySeconds) : this.#restart());
    this.#host.timers.after(again ? resyncSeconds : secondsLeft, next);
  }

  #restart(): void {
    const { state, lastState, restartCount } = this.#status;
    const last = state.terminated === undefined ? lastState : { terminated: state.terminated };
    this.#status = { ...this.#status, lastState: last, restartCount: restartCount + 1 };
    this.start();
  }

  #finish({ code, reason, logs }: RunExit): void {
    this.#run?.stop();
    this.#write(logs);
    const { state, containerID = '' } = this.#status;
    const finishedAt = wireTime(this.#host.clock.now());
    const startedAt = state.running?.startedAt ?? finishedAt;
    this.#update({
      ready: false,
      started: false,
      state: { terminated: { exitCode: code, reason, startedAt, finishedAt, containerID } },
    });
  }

  /** Shows why the container is not running; how the last run ended moves to where it is not forgotten. */
  #wait(waiting: { reason: string; message: string }): void {
    const { terminated } = this.#status.state;
    const lastState = terminated === undefined ? this.#status.lastState : { terminated };
    this.#update({ state: { waiting }, lastState, ready: false, started: false });
  }

  #update(change: Partial<ContainerStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#host.changed();
  }

  #write(lines: readonly string[]): void {
    for (const line of lines) this.log.write(this.#host.clock.now(), line);
  }
}

/** A container that was already running when the kubelet came up lost that run with it. */
function initialStatus({ name, image }: Container, before: ContainerStatus | undefined, now: string): ContainerStatus {
  const waiting = { name, image, imageID: '', ready: false, started: false };
  const state = { waiting: { reason: 'ContainerCreating' } };
  const running = before?.state.running;
  if (before === undefined || running === undefined) {
    return { ...waiting, restartCount: before?.restartCount ?? 0, state, lastState: before?.lastState ?? {} };
  }
  const lost = {
    exitCode: 255,
    reason: 'Unknown',
    startedAt: running.startedAt,
    finishedAt: now,
    containerID: before.containerID ?? '',
  };
  return { ...waiting, restartCount: before.restartCount + 1, state, lastState: { terminated: lost } };
}

function imageId({ image }: Container): string {
  const digest = [...image].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0, 17);
  return `${fullImageName(image).replace(/(?<=\/[^/]*):[^:]+$/, '')}@sha256:${digest.toString(16).padStart(8, '0').repeat(8)}`;
}
