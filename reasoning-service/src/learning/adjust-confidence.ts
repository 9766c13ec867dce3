/** How many judged answers weigh as much as the confidence that calibration gave. */
const STRENGTH = 20;

/** An answer that verdicts took below this is a person's to look at; evidence that was weak from the start abstains by itself. */
export const TRUSTED_FROM = 0.6;

/** What verdicts on a cause weigh; `loudest` is what the one person's weigh who called most of it wrong. */
export type Trust = { right: number; wrong: number; loudest: number };

/**
 * Confidence after what became of earlier answers of the same cause: the mean of a Beta distribution whose prior is centred
 * on the calibrated confidence and counts as `STRENGTH` answers. Without verdicts it is the calibrated confidence itself.
 * What the one person says who calls most of it wrong takes an answer down to `TRUSTED_FROM` and no further.
 */
export function adjusted(confidence: number, { right, wrong, loudest }: Trust): number {
  const mean = (against: number): number =>
    Math.round((100 * (confidence * STRENGTH + right)) / (STRENGTH + right + against)) / 100;
  return Math.max(mean(wrong), Math.min(mean(wrong - loudest), TRUSTED_FROM));
}
