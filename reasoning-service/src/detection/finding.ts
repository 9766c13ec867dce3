/** What a watch noticed at one time (milliseconds since the epoch); numbers are in the unit of the series. */
export type Finding = {
  kind: 'unusual' | 'flat' | 'missing' | 'joint';
  at: number;
  /** How sure, 0 to 1. */
  score: number;
  /** Which value is meant, when a watch holds several. */
  feature: string | null;
  value: number | null;
  expected: { value: number; low: number; high: number } | null;
};

/** How far along a watch is: silent, speaking with lower confidence, or at full strength. */
export type Stage = 'learning' | 'early' | 'full';
