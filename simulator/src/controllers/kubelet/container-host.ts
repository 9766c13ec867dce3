import type { Random } from '../random.ts';
import type { Timers } from '../timers.ts';
import type { Container, Pod } from '../types.ts';
import type { DataLookup } from './environment.ts';
import type { MissingImages } from './images.ts';

/** What the kubelet says about a container in an event. */
export type ContainerNotice = { type: 'Normal' | 'Warning'; reason: string; message: string };

/** What a container gets from the pod worker that runs it. */
export type ContainerHost = {
  pod(): Pod;
  podIP: string;
  report(container: Container, notice: ContainerNotice): void;
  /** A container's status is another one now. */
  changed(): void;
  lookup: DataLookup;
  missingImages: MissingImages;
  imagesOnNode: Set<string>;
  timers: Timers;
  clock: { now(): Date };
  random: Random;
  speed: number;
};

/** How often the kubelet looks again at a pod that waits for something. */
export const resyncSeconds = 13;
