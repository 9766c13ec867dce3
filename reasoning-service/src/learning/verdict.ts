import type { Feedback } from '@aetherius/shared/contracts';

type Ended = Pick<Feedback, 'action' | 'outcome'>;
type Judged = Pick<Feedback, 'source' | 'outcome'>;

/** What an end says about the remedy that was used: a cancelled run and a word about the cause say nothing. */
export function remedyVerdict({ action, outcome }: Ended): 'worked' | 'failed' | undefined {
  if (action === null) return undefined;
  if (outcome === 'verified' || outcome === 'contained') return 'worked';
  return outcome === 'rolled_back' || outcome === 'not_repaired' || outcome === 'failed' ? 'failed' : undefined;
}

/**
 * What an end says about the diagnosis: a person's word decides, a verified repair speaks for it.
 * A repair that failed says nothing, for the right cause may have had the wrong remedy.
 */
export function diagnosisVerdict({ source, outcome }: Judged): 'right' | 'wrong' | undefined {
  if (outcome === 'wrong') return 'wrong';
  if (outcome === 'confirmed') return 'right';
  return source === 'run' && outcome === 'verified' ? 'right' : undefined;
}
