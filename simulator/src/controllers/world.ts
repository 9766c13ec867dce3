import type { ObjectStore } from '../store/object-store.ts';
import type { ClusterView } from './cluster-view.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { Objects } from './objects.ts';
import type { Random } from './random.ts';
import type { Timers } from './timers.ts';
import type { AnyObject } from './types.ts';

/** One change as the controllers see it. */
export type TypedChange = { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: AnyObject; previous?: AnyObject };

/** What every controller works with. */
export type World = {
  store: ObjectStore;
  objects: Objects;
  view: ClusterView;
  events: EventRecorder;
  timers: Timers;
  random: Random;
  clock: { now(): Date };
  speed: number;
};

/** A part of the control plane: it hears of each change and does its work later, never inside the write. */
export type Controller = { onChange(change: TypedChange): void };
