import type { Scenario } from '@aetherius/simulator';
import type { Bed } from './bed.ts';
import { objectsOf } from './faults.ts';
import { type RecordedEvent, type RecordedObject, states, type Tuple, tuples } from './tuples.ts';

/** What a cluster had to say about one fault. */
export type Recording = { fault: string; events: Tuple[]; states: Tuple[] };

/** Everything that a cluster held while a fault ran: each event and each state of each object. */
export type History = { events: RecordedEvent[]; objects: RecordedObject[] };

/** The kinds whose states are recorded, and where they are found. */
export const watched: Record<string, string> = {
  Event: '/api/v1/events',
  Pod: '/api/v1/pods',
  Deployment: '/apis/apps/v1/deployments',
  ReplicaSet: '/apis/apps/v1/replicasets',
  PersistentVolumeClaim: '/api/v1/persistentvolumeclaims',
  Node: '/api/v1/nodes',
};

/** Watches all of a cluster; many states last for less than a look at everything would take. */
export function watchCluster({ kubectl }: Bed): { history: History; stop(): void } {
  const history: History = { events: [], objects: [] };
  const stops = Object.entries(watched).map(([kind, path]) =>
    kubectl.lines(['get', '--raw', `${path}?watch=1`], (line) => {
      const { object } = JSON.parse(line);
      if (kind === 'Event') history.events.push(object);
      else history.objects.push(object);
    }),
  );
  return {
    history,
    stop() {
      for (const stop of stops) stop();
    },
  };
}

/** Whether an object is one that a scenario names, or was made for one of those. */
function isAbout(scenario: Scenario): (object: { namespace?: string; name?: string }) => boolean {
  const named: { namespace?: string | null; name: string }[] = [...objectsOf(scenario), scenario.expected.subject];
  // Events about a node stand in namespace "default", while the object itself is in none.
  return ({ namespace = '', name = '' }) =>
    named.some((wanted) => {
      const place = wanted.namespace ?? '';
      if (place === '') return wanted.name === name;
      return place === namespace && (wanted.name === name || name.startsWith(`${wanted.name}-`));
    });
}

/** What was said about one fault, without what differs from run to run. */
export function recordingOf(scenario: Scenario, { events, objects }: History): Recording {
  const about = isAbout(scenario);
  return {
    fault: scenario.name,
    events: tuples(events.filter(({ involvedObject }) => about(involvedObject))),
    states: states(objects.filter(({ metadata }) => about(metadata))),
  };
}
