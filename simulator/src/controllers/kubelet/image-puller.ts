import type { Container } from '../types.ts';
import { type BackOff, nextBackOff } from './back-off.ts';
import { type ContainerHost, resyncSeconds } from './container-host.ts';
import { imageBytes, pullFailure, pullsAlways } from './images.ts';

const pullSeconds = 1.4;
const refusalSeconds = 0.8;

/** Gets a container's image onto the node, and goes on trying while the registry does not have it. */
export class ImagePuller {
  readonly #host: ContainerHost;
  readonly #container: Container;
  readonly #show: (reason: string, message: string) => void;
  #backOff: BackOff | undefined;

  constructor(host: ContainerHost, container: Container, show: (reason: string, message: string) => void) {
    this.#host = host;
    this.#container = container;
    this.#show = show;
  }

  /** Calls `ready` once the image is there. */
  ensure(ready: () => void): void {
    const { image } = this.#container;
    if (this.#host.imagesOnNode.has(image) && !pullsAlways(this.#container)) {
      const message = `Container image "${image}" already present on machine and can be accessed by the pod`;
      this.#host.report(this.#container, { type: 'Normal', reason: 'Pulled', message });
      ready();
      return;
    }
    this.#host.report(this.#container, { type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"` });
    const isMissing = this.#host.missingImages.has(image);
    const next = () => (isMissing ? this.#fail(ready) : this.#arrive(ready));
    this.#host.timers.after(isMissing ? refusalSeconds : pullSeconds, next);
  }

  #arrive(ready: () => void): void {
    const { image } = this.#container;
    const took = `${Math.round(pullSeconds * 1000 + this.#host.random() * 200) / 1000}s`;
    const size = `Image size: ${imageBytes(image)} bytes.`;
    const message = `Successfully pulled image "${image}" in ${took} (${took} including waiting). ${size}`;
    this.#host.report(this.#container, { type: 'Normal', reason: 'Pulled', message });
    this.#host.imagesOnNode.add(image);
    this.#backOff = undefined;
    ready();
  }

  #fail(ready: () => void): void {
    const { image } = this.#container;
    const cause = pullFailure(image);
    this.#warn(`Failed to pull image "${image}": ${cause}`);
    this.#warn('Error: ErrImagePull');
    this.#show('ErrImagePull', cause);
    const { clock, speed, timers } = this.#host;
    this.#backOff = nextBackOff(this.#backOff, { nowMs: clock.now().getTime(), speed, first: 'delayed' });
    const wait = this.#backOff.delaySeconds;
    timers.after(1, () => this.#hold(wait - 1, { cause, ready }));
  }

  #hold(secondsLeft: number, goal: { cause: string; ready: () => void }): void {
    const { image } = this.#container;
    const message = `Back-off pulling image "${image}"`;
    this.#host.report(this.#container, { type: 'Normal', reason: 'BackOff', message });
    this.#warn('Error: ImagePullBackOff');
    this.#show('ImagePullBackOff', `${message}: ErrImagePull: ${goal.cause}`);
    const again = secondsLeft > resyncSeconds;
    const next = () => (again ? this.#hold(secondsLeft - resyncSeconds, goal) : this.ensure(goal.ready));
    this.#host.timers.after(again ? resyncSeconds : secondsLeft, next);
  }

  #warn(message: string): void {
    this.#host.report(this.#container, { type: 'Warning', reason: 'Failed', message });
  }
}
