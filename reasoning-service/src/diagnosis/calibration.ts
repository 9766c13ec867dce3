import fitted from './calibration.json' with { type: 'json' };

/** One answer of the tune half: the weight that its evidence earned, and whether it was right. */
export type Outcome = { weight: number; is_right: boolean };

/** A step of the fitted curve: answers of at least this weight were right with this frequency. */
export type CalibrationPoint = { weight: number; confidence: number };

type Count = { right: number; total: number };

/** Nine chances in ten, on one side: the share that is right lies above the bound. */
const Z = 1.2816;

/** The lower end of the score interval for a share (Wilson 1927): n right of n support n / (n + Z²), and no more. */
function lowerBound({ right, total }: Count): number {
  const [share, square] = [right / total, Z ** 2];
  const spread = Z * Math.sqrt((share * (1 - share)) / total + square / (4 * total ** 2));
  return (share + square / (2 * total) - spread) / (1 + square / total);
}

/** The best bound that some stretch of weights up to the last one supports. */
function supported(counts: readonly Count[]): number {
  const sum = { right: 0, total: 0 };
  let best = 0;
  for (const { right, total } of [...counts].reverse()) {
    sum.right += right;
    sum.total += total;
    best = Math.max(best, lowerBound(sum));
  }
  return best;
}

/**
 * What each weight of evidence is worth by the cases that were seen, taken that more evidence is never right less often: a share
 * that holds for weights up to some weight holds for that weight, too. Few cases support little confidence, however right they were.
 */
export function fitCalibration(outcomes: readonly Outcome[]): CalibrationPoint[] {
  const counts = new Map<number, Count>();
  for (const { weight, is_right } of [...outcomes].sort((a, b) => a.weight - b.weight)) {
    const { right, total } = counts.get(weight) ?? { right: 0, total: 0 };
    counts.set(weight, { right: right + Number(is_right), total: total + 1 });
  }
  let confidence = 0;
  return [...counts.keys()].map((weight, at) => {
    confidence = Math.max(confidence, supported([...counts.values()].slice(0, at + 1)));
    return { weight, confidence: Math.floor(confidence * 1000) / 1000 };
  });
}

/** The confidence of a weight: that of the last step at or below it; below the first step the weight itself. */
export function calibrated(weight: number, points: readonly CalibrationPoint[] = fitted.points): number {
  let confidence = Math.min(weight, points[0]?.confidence ?? weight);
  for (const point of points) if (weight >= point.weight - 1e-9) confidence = point.confidence;
  return confidence;
}
