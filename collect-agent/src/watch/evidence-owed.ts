import type { Event } from '@aetherius/shared/contracts';
import type { Clock } from '@aetherius/shared/service';
import type { Allowance } from '../evidence/allowance.ts';
import { type Signal, weighs } from '../signals/signal.ts';

/** More than that many things broken at once wait for their next happening. */
const MOST_OWED = 1_000;

export type Told = { signal: Signal; event: Event };

/** Which events go out with evidence, and for which of the others there is room by now. */
export function createEvidenceOwed({ allowance, clock }: { allowance: Allowance; clock: Clock }) {
  const owed = new Map<string, Told>();

  /** A new reason is worth new evidence: an Event often comes before the status that tells what it is about. */
  const isWorth = ({ signal, event }: Told): boolean => {
    const { fingerprint, reason } = event;
    if (signal.signal === 'clear') owed.delete(fingerprint);
    if (!weighs(signal)) return false;
    const taken = allowance.take(fingerprint, reason, clock.monotonic());
    if (taken === 'granted') owed.delete(fingerprint);
    else if (taken === 'owed' && owed.size < MOST_OWED) owed.set(fingerprint, { signal, event });
    return taken === 'granted';
  };

  return { isWorth, due: (): Told[] => [...owed.values()].filter(isWorth) };
}
