import type { Scenario } from '@aetherius/simulator';
import { objectsOf } from './faults.ts';
import type { Kubectl } from './kubectl.ts';
import { type RecordedEvent, type RecordedObject, states, type Tuple, tuples } from './tuples.ts';

/** What a cluster had to say about one fault. */
export type Recording = { fault: string; events: Tuple[]; states: Tuple[] };

/** Everything in a cluster at one moment that can tell something about a fault. */
export type Snapshot = { events: RecordedEvent[]; objects: RecordedObject[] };

const kinds = 'pods,deployments,replicasets,persistentvolumeclaims,nodes';

/** Reads all events and objects; states pass, so it is read again and again while a fault runs. */
export async function snapshot(kubectl: Kubectl): Promise<Snapshot> {
  const [events, objects] = await Promise.all([
    kubectl.run(['get', 'events', '-A', '-o', 'json']),
    kubectl.run(['get', kinds, '-A', '-o', 'json']),
  ]);
  return { events: JSON.parse(events).items, objects: JSON.parse(objects).items };
}

/** Whether an object is one that a scenario names, or was made for one of those. */
export function isAbout(scenario: Scenario): (object: { namespace?: string; name?: string }) => boolean {
  const named: { namespace?: string | null; name: string }[] = [...objectsOf(scenario), scenario.expected.subject];
  // Events about a node stand in namespace "default", while the object itself is in none.
  return ({ namespace = '', name = '' }) =>
    named.some((wanted) => {
      const place = wanted.namespace ?? '';
      if (place === '') return wanted.name === name;
      return place === namespace && (wanted.name === name || name.startsWith(`${wanted.name}-`));
    });
}

/** Joins what was seen of one fault in several moments. */
export function recordingOf(scenario: Scenario, snapshots: readonly Snapshot[]): Recording {
  const about = isAbout(scenario);
  return {
    fault: scenario.name,
    events: tuples(snapshots.flatMap(({ events }) => events).filter(({ involvedObject }) => about(involvedObject))),
    states: states(snapshots.flatMap(({ objects }) => objects).filter(({ metadata }) => about(metadata))),
  };
}
