import type { Timers } from '../timers.ts';
import type { Container, Probe } from '../types.ts';
import type { Serves } from './behaviour.ts';
import type { ContainerHost } from './container-host.ts';
import { probeFailure } from './probe-rules.ts';

type ProbeKind = 'Liveness' | 'Readiness' | 'Startup';

/** What becomes of a container because of its probes. */
type ProbeOutcome = { started(): void; ready(isReady: boolean): void; condemned(): void };

/** Probes one run of a container until it ends. */
export class Prober {
  readonly #host: ContainerHost;
  readonly #container: Container;
  readonly #serves: Serves;
  readonly #outcome: ProbeOutcome;
  readonly #timers: Timers;

  constructor(
    host: ContainerHost,
    run: { container: Container; serves: Serves; timers: Timers },
    outcome: ProbeOutcome,
  ) {
    this.#host = host;
    this.#container = run.container;
    this.#serves = run.serves;
    this.#timers = run.timers;
    this.#outcome = outcome;
  }

  start(): void {
    const { startupProbe } = this.#container;
    if (startupProbe === undefined) this.#afterStartup();
    else this.#watch('Startup', startupProbe);
  }

  #afterStartup(): void {
    this.#outcome.started();
    const { livenessProbe, readinessProbe } = this.#container;
    if (livenessProbe !== undefined) this.#watch('Liveness', livenessProbe);
    if (readinessProbe === undefined) this.#outcome.ready(true);
    else this.#watch('Readiness', readinessProbe);
  }

  #watch(kind: ProbeKind, probe: Probe): void {
    let failures = 0;
    const look = () => {
      const failure = probeFailure(probe, this.#container, { serves: this.#serves, podIP: this.#host.podIP });
      failures = failure === undefined ? 0 : failures + 1;
      if (failure !== undefined) this.#complain(kind, failure);
      const isOver = this.#judge(kind, {
        failed: failure !== undefined,
        final: failures >= (probe.failureThreshold ?? 3),
      });
      if (!isOver) this.#timers.after(probe.periodSeconds ?? 10, look);
    };
    this.#timers.after((probe.initialDelaySeconds ?? 0) + this.#host.random(), look);
  }

  #complain(kind: ProbeKind, failure: string): void {
    this.#host.report(this.#container, {
      type: 'Warning',
      reason: 'Unhealthy',
      message: `${kind} probe failed: ${failure}`,
    });
  }

  /** Acts on one result; true when this probe has done its work. */
  #judge(kind: ProbeKind, { failed, final }: { failed: boolean; final: boolean }): boolean {
    if (kind === 'Readiness') {
      if (!failed || final) this.#outcome.ready(!failed);
      return false;
    }
    if (kind === 'Startup' && !failed) {
      this.#afterStartup();
      return true;
    }
    if (!final) return false;
    const message = `Container ${this.#container.name} failed ${kind.toLowerCase()} probe, will be restarted`;
    this.#host.report(this.#container, { type: 'Normal', reason: 'Killing', message });
    this.#outcome.condemned();
    return true;
  }
}
