/** How often a remedy worked and how often not, older ends counting less. */
export type Ends = { worked: number; failed: number };

/** Past ends by `<category> <remedy or action>`. */
export type Outcomes = ReadonlyMap<string, Ends>;

/** How many seen ends weigh as much as what the catalogue says. */
const PRIOR_STRENGTH = 4;
const riskWeights = { low: 1, medium: 0.9, high: 0.7 } as const;
export type Risk = keyof typeof riskWeights;

/**
 * Expected rate of success: the mean of a Beta distribution whose prior is centred on the catalogue's confidence
 * and counts as `PRIOR_STRENGTH` ends, so that one bad day does not silence a good remedy.
 */
export const expectedSuccess = (confidence: number, { worked, failed }: Ends): number =>
  (worked + confidence * PRIOR_STRENGTH) / (worked + failed + PRIOR_STRENGTH);

/** Confidence in the cause × expected success × what the risk leaves of it, to two places. */
export const scoreOf = (parts: { diagnosis: number; remedy: number; risk: Risk; record: Ends }): number =>
  Math.round(100 * parts.diagnosis * expectedSuccess(parts.remedy, parts.record) * riskWeights[parts.risk]) / 100;
