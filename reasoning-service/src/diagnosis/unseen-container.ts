import type { BundleEvent } from '@aetherius/shared/contracts';
import type { Container, Facts } from './facts.ts';
import { subjectOf } from './graph/object-key.ts';

const backOff = /^Back-off restarting failed container(?: (?!in pod)(\S{1,63}))?/;

const told = (event: BundleEvent): Container => ({
  pod: { id: event.id, ...subjectOf(event), body: {} },
  name: backOff.exec(event.message)?.[1] ?? '',
  image: undefined,
  spec: {},
  isReady: false,
  isRunning: false,
  restarts: 1,
  waiting: { reason: 'CrashLoopBackOff', message: event.message },
  ended: [],
});

/** Containers in a crash loop of which only an event tells, as far as it does. */
export const unseenContainers = (facts: Facts): { event: BundleEvent; container: Container }[] =>
  facts
    .events({ kind: 'Pod', reason: ['BackOff'], message: backOff })
    .filter((event) => facts.graph.find(subjectOf(event)) === undefined && !facts.graph.isWhole('Pod', event.namespace))
    .map((event) => ({ event, container: told(event) }));
