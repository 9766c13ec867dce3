/** How many judged answers weigh as much as the confidence that calibration gave. */
const STRENGTH = 20;

/**
 * Confidence after what became of earlier answers of the same cause: the mean of a Beta distribution whose prior is centred
 * on the calibrated confidence and counts as `STRENGTH` answers. Without verdicts it is the calibrated confidence itself.
 */
export const adjusted = (confidence: number, { right, wrong }: { right: number; wrong: number }): number =>
  Math.round((100 * (confidence * STRENGTH + right)) / (STRENGTH + right + wrong)) / 100;

/** An answer that verdicts took below this is a person's to look at; evidence that was weak from the start abstains by itself. */
export const TRUSTED_FROM = 0.6;
