import type { Differences } from './compare.ts';
import { onFakeNodes } from './faults.ts';

type Known = { side: keyof Differences; in: (fault: string) => boolean; tuple: RegExp; why: string };

const anywhere = () => true;
const fake = (fault: string) => onFakeNodes.has(fault);

/** What the simulator and the real cluster may say differently, and why that is no mistake of the simulator. */
const knownDifferences: readonly Known[] = [
  {
    side: 'extra',
    in: fake,
    tuple: /\| kubelet \||^(Pod|Container) \||^Deployment \| Progressing=True \| ReplicaSetUpdated/,
    why: 'KWOK plays these pods: it writes no events, and they are ready at once',
  },
  {
    side: 'missing',
    in: fake,
    tuple: /^Node \| (NetworkUnavailable=False|phase) \|/,
    why: 'only KWOK gives a node a phase and a route',
  },
  {
    side: 'missing',
    in: anywhere,
    tuple: /^Container \| state\.terminated \| Error \| 143$|^Pod \| .*PodFailed|^Pod \| phase \| Failed \| -$/,
    why: 'with which code a program ends that is told to stop is its own affair, and so is whether its pod failed',
  },
  {
    side: 'extra',
    in: anywhere,
    tuple: /^Container \| state\.terminated \| Completed \| 0$/,
    why: 'the other side of the one above',
  },
  {
    side: 'missing',
    in: anywhere,
    tuple: /^Unhealthy .*Readiness probe failed: .*connection refused$/,
    why: 'a real program does not listen yet when the first probe comes',
  },
];

/** The differences of a fault that no known one explains. */
export const unexplained = (fault: string, differences: Differences): Differences => ({
  missing: differences.missing.filter((tuple) => !isKnown(fault, 'missing', tuple)),
  extra: differences.extra.filter((tuple) => !isKnown(fault, 'extra', tuple)),
});

const isKnown = (fault: string, side: keyof Differences, tuple: string): boolean =>
  knownDifferences.some((known) => known.side === side && known.in(fault) && known.tuple.test(tuple));
