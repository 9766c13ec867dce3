import fitted from './calibration.json' with { type: 'json' };

/** One answer of the tune half: the weight that its evidence earned, and whether it was right. */
export type Outcome = { weight: number; is_right: boolean };

/** A step of the fitted curve: answers of at least this weight were right with this frequency. */
export type CalibrationPoint = { weight: number; confidence: number };

type Block = { from: number; right: number; total: number };

/** Laplace's rule: two answers that were not seen, one right and one wrong, keep a small block from claiming certainty. */
const frequency = ({ right, total }: Block): number => (right + 1) / (total + 2);

/**
 * Isotonic regression of right answers on weight by pooling adjacent violators (Ayer et al. 1955):
 * weights in ascending order, neighbouring blocks merged until the frequencies never fall.
 */
export function fitCalibration(outcomes: readonly Outcome[]): CalibrationPoint[] {
  const blocks: Block[] = [];
  for (const { weight, is_right } of [...outcomes].sort((a, b) => a.weight - b.weight)) {
    const last = blocks.at(-1);
    if (last !== undefined && last.from === weight) {
      last.right += Number(is_right);
      last.total += 1;
    } else blocks.push({ from: weight, right: Number(is_right), total: 1 });
  }
  for (let at = 1; at < blocks.length; ) {
    const [before, block] = [blocks[at - 1], blocks[at]];
    if (before === undefined || block === undefined || frequency(before) <= frequency(block)) at += 1;
    else {
      blocks.splice(at - 1, 2, {
        from: before.from,
        right: before.right + block.right,
        total: before.total + block.total,
      });
      at = Math.max(1, at - 1);
    }
  }
  return blocks.map((block) => ({ weight: block.from, confidence: Math.round(frequency(block) * 1000) / 1000 }));
}

/** The confidence of a weight: that of the last step at or below it; below the first step the weight itself. */
export function calibrated(weight: number, points: readonly CalibrationPoint[] = fitted.points): number {
  let confidence = Math.min(weight, points[0]?.confidence ?? weight);
  for (const point of points) if (weight >= point.weight - 1e-9) confidence = point.confidence;
  return confidence;
}
