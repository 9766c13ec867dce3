/** The one configuration of the detector; ADR 10 says how it was found. */
export type Tuning = {
  /** The learning time holds this many blocks of rows. */
  blocks: number;
  /** Margin of each view around the learning range, in learning ranges. */
  margins: readonly number[];
  /** Weight of the newest value and of the shape in a match; the older levels share the rest. */
  newest: number;
  shape: number;
  vigilance: number;
  /** Most boxes of a view. */
  boxes: number;
  /** Rank (−log10 of the share) where a context begins to count, and how much more is certain. */
  rank_from: number;
  rank_width: number;
  /** The same for its novelty (1 − match). */
  novelty_from: number;
  novelty_width: number;
  /** After a surprise above `speaks`, this many blocks in which only one `stranger` times as novel counts. */
  speaks: number;
  pause: number;
  stranger: number;
  /** Rank of the nearest-window distance where it begins to count, and how much more is certain. */
  distance_from: number;
  distance_width: number;
  /** Share of the learning time after a result in which only a larger one is given. */
  refractory: number;
};

export const tuning: Tuning = {
  blocks: 104,
  margins: [0.2, 0.3, 0.45, 0.6, 0.75],
  newest: 0.6,
  shape: 0.29,
  vigilance: 0.94,
  boxes: 256,
  rank_from: 0.62,
  rank_width: 0.88,
  novelty_from: 0.054,
  novelty_width: 0.095,
  speaks: 0.3,
  pause: 12,
  stranger: 1.12,
  distance_from: 1.4,
  distance_width: 1.5,
  refractory: 0.33,
};

/** A score at or above it is an anomaly; near the flat top of the score curve, well below its cliff. */
export const THRESHOLD = 0.26;

/** Of a short learning time a block takes two rows: with one, what is told doubles and next to none of it is right (ADR 10). */
export const early: Tuning = { ...tuning, blocks: 100 };
