import type { HeldObject } from '../kube/objects.ts';
import type { Signal } from '../signals/signal.ts';
import type { Facts } from '../watch/cluster-state.ts';
import type { Gathering } from './gathering.ts';

/** What the gatherers of one bundle share. */
export type Scene = {
  gathering: Gathering;
  facts: Facts;
  signal: Signal;
  now: number;
  addEventsOf: (objects: HeldObject[]) => void;
};
