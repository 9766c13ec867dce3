import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createObjectStore, loadBaseCluster, runScenario, setUp, startControllers } from '@aetherius/simulator';
import { compare } from './compare.ts';
import { loadFaults } from './faults.ts';
import { type Recording, recordingOf, type Snapshot } from './record.ts';

/** Until the pods of a lost node are thrown out, at the delays of a cluster that nobody has quickened. */
const SECONDS = 400;

const kinds = ['Pod', 'Deployment', 'ReplicaSet', 'PersistentVolumeClaim', 'Node'];

function simulate() {
  let lastId = 0;
  const clock = { now: () => new Date() };
  const newId = () => `00000000-0000-4000-8000-${String(++lastId).padStart(12, '0')}`;
  const store = createObjectStore({ clock, newId });
  const { cluster, stop } = startControllers({ store, clock, speed: 1, seed: 7 });
  const snapshot = (): Snapshot => structuredClone({
    events: store.list('Event').items,
    objects: kinds.flatMap((kind) => store.list(kind).items),
  }) as unknown as Snapshot;
  return { store, cluster, stop, snapshot };
}

let simulated: ReturnType<typeof simulate>;

beforeEach(async () => {
  jest.useFakeTimers();
  simulated = simulate();
  setUp(loadBaseCluster().setup, simulated);
  await jest.advanceTimersByTimeAsync(60_000);
});

afterEach(() => {
  simulated.stop();
  jest.useRealTimers();
});

const recorded = (fault: string): Recording =>
  JSON.parse(readFileSync(new URL(`recorded/${fault}.json`, import.meta.url), 'utf8'));

describe('the simulator says what a real cluster said', () => {
  it.each(loadFaults().map((fault) => [fault.name, fault] as const))('%s', async (name, fault) => {
    const running = runScenario(fault, simulated);
    await jest.advanceTimersByTimeAsync(30_000);
    await running;
    const snapshots: Snapshot[] = [];
    for (let second = 0; second < SECONDS; second += 1) {
      await jest.advanceTimersByTimeAsync(1000);
      snapshots.push(simulated.snapshot());
    }
    const real = recorded(name);
    const played = recordingOf(fault, snapshots);
    console.log(name, JSON.stringify({ events: compare(real.events, played.events), states: compare(real.states, played.states) }, null, 1));
  });
});
