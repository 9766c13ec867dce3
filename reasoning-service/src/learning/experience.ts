import type { SimilarCase } from '@aetherius/shared/contracts';
import type { CaseStore } from '../cases/case-store.ts';
import { mostSimilar, type Present } from '../cases/similarity.ts';
import type { LearningStore, Learnt } from './learning-store.ts';
import { createRecent } from './recent.ts';

const SIMILAR = 3;
/** Those that share most symptoms; more of them hardly ever change which three are most alike. */
const CANDIDATES = 50;
const SHAPES = 1_000;

/** What earlier incidents say about the present one. */
export type Experience = {
  learnt(now: Date): Promise<Learnt>;
  similarTo(present: Present, now: Date): Promise<SimilarCase[]>;
};

/**
 * Reads over all that was learnt cost more the more there is, and one end more or less changes little: what was read stays good
 * for `forMs`. Incidents of one storm look alike, so that most of them share one read.
 */
export function createExperience({
  learning,
  cases,
  forMs,
}: {
  learning: LearningStore;
  cases: CaseStore;
  forMs: number;
}): Experience {
  const learnt = createRecent<Learnt>({ forMs, most: 1 });
  const similar = createRecent<SimilarCase[]>({ forMs, most: SHAPES });
  return {
    learnt: (now) => learnt('', now, () => learning.learnt(now)),
    similarTo: (present, now) =>
      similar(JSON.stringify(present), now, async () =>
        mostSimilar(present, await cases.candidates(present, CANDIDATES), { most: SIMILAR, now }),
      ),
  };
}
