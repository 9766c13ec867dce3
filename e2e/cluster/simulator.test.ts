import { readFileSync } from 'node:fs';
import {
  createObjectStore,
  type KubeObject,
  loadBaseCluster,
  loadScenarios,
  runScenario,
  setUp,
  startControllers,
} from '@aetherius/simulator';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { compare } from './compare.ts';
import { loadFaults } from './faults.ts';
import { unexplained } from './known-differences.ts';
import { type History, type Recording, recordingOf, watched } from './record.ts';
import type { RecordedEvent, RecordedObject } from './tuples.ts';

/** Until the pods of a lost node are thrown out, at the delays of a cluster that nobody has quickened. */
const SECONDS = 400;

function simulate() {
  let lastId = 0;
  const clock = { now: () => new Date() };
  const newId = () => `00000000-0000-4000-8000-${String(++lastId).padStart(12, '0')}`;
  const store = createObjectStore({ clock, newId });
  const { cluster, stop } = startControllers({ store, clock, speed: 1, seed: 7 });
  const history: History = { events: [], objects: [] };
  store.subscribe(({ object }: { object: KubeObject }) => {
    const copy: unknown = structuredClone(object);
    if (object.kind === 'Event') history.events.push(copy as RecordedEvent);
    else if (object.kind in watched) history.objects.push(copy as RecordedObject);
  });
  return { store, cluster, stop, history };
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
  // The scenarios as the simulator has them, not as they are changed for the real cluster.
  it.each(loadFaults().map(({ name }) => name))('%s', async (name) => {
    const scenario = loadScenarios().find((candidate) => candidate.name === name);
    if (scenario === undefined) throw new Error(`no scenario ${name}`);
    const running = runScenario(scenario, simulated);
    await jest.advanceTimersByTimeAsync(SECONDS * 1000);
    await running;
    const real = recorded(name);
    const played = recordingOf(scenario, simulated.history);
    expect(unexplained(name, compare(real.events, played.events))).toEqual({ missing: [], extra: [] });
    expect(unexplained(name, compare(real.states, played.states))).toEqual({ missing: [], extra: [] });
  });
});
