/** The numbers of the method, one set for all data; docs/adr/0009-root-cause-over-metrics.md says what each is worth. */
export type Settings = {
  /** Smallest scale of a series as a share of its baseline median. */
  relative_floor: number;
  /** A sample loses time only when it lies more than this many scales above the baseline. */
  sample_gate: number;
  /** The target must deviate by this many scales, or there is nothing to explain. */
  target_gate: number;
  /** A node must deviate by this many scales to be a cause of lost time. */
  latency_gate: number;
  /** A node must deviate by this many scales to be a cause of failed requests. */
  error_gate: number;
  /** Failed requests below this many scales are chance and count for nothing. */
  error_noise: number;
  /** A cause must explain at least this share of what the target lost. */
  share_gate: number;
  /** A cause must lose at least this share of the target's normal total time. */
  time_gate: number;
  /** This share of what the callees lost is taken off their caller. */
  explained: number;
};

export const SETTINGS: Settings = {
  relative_floor: 0.05,
  sample_gate: 2,
  target_gate: 2,
  latency_gate: 5,
  error_gate: 3,
  error_noise: 1,
  share_gate: 0.2,
  time_gate: 0.03,
  explained: 0.7,
};
