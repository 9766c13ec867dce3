import { type LeafStep, MAX_READS } from '@aetherius/shared/contracts';
import type { Loop, Node, Sequence } from '../engine/node.ts';
import { sequence, when } from './build-node.ts';

type AnalysisStep = Extract<LeafStep, { kind: 'ai_analysis' }>;

/** The first round reads what the evidence names; the second what only the first one showed. A third would ask about the same objects. */
const ROUNDS = 2;

/** An analysis as journalled sub-steps: ask, and while the answer abstains and names reads, read them side by side and ask again. */
export const expandAnalysis = (step: AnalysisStep): Sequence => sequence(step.id, ...round(step, ROUNDS));

/** The question keeps the step's own id, so that expressions find the latest answer under it. */
const round = (step: AnalysisStep, rounds_left: number): Node[] => [
  { ...step, rounds_left },
  ...(rounds_left === 0 ? [] : [nextRound(step, rounds_left)]),
];

const nextRound = (step: AnalysisStep, rounds_left: number): Node => {
  const reads = `steps.${step.id}.output.reads`;
  const fetch: Loop = {
    kind: 'loop',
    id: 'fetch',
    max: MAX_READS,
    until: null,
    for_each: reads,
    at_once: true,
    exhausted: 'loop_limit',
    body: { kind: 'fetch', id: 'read' },
  };
  return when(`round_${ROUNDS - rounds_left + 1}`, `${reads}.size() > 0`, fetch, ...round(step, rounds_left - 1));
};
