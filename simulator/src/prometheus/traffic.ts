/** Who calls whom (`namespace/name`), and how many calls one call to the caller makes. */
export type TrafficCall = { caller: string; callee: string; share: number };

/** A small mesh: requests come in at the entry and go down the calls; a workload answers after itself and its callees. */
export type Traffic = {
  entry: string;
  perSecond: number;
  calls: readonly TrafficCall[];
  /** Milliseconds that a workload itself takes at a time (milliseconds since the epoch). */
  takes: (workload: string, time: number) => number;
};

/** Milliseconds that a call spends on the way. */
const ON_THE_WAY_MS = 1;

/** Every workload of a mesh. */
export const workloadsIn = ({ entry, calls }: Traffic): string[] => [
  ...new Set([entry, ...calls.flatMap(({ caller, callee }) => [caller, callee])]),
];

/** Requests a second that reach a workload, with a slow wave as days have it. */
export function requestsAt(traffic: Traffic, workload: string, time: number): number {
  if (workload === traffic.entry) return traffic.perSecond * (1 + 0.1 * Math.sin(time / 1_200_000));
  const into = traffic.calls.filter(({ callee }) => callee === workload);
  return into.reduce((sum, { caller, share }) => sum + share * requestsAt(traffic, caller, time), 0);
}

/** Milliseconds until a workload has answered, its calls one after the other. */
export function latencyAt(traffic: Traffic, workload: string, time: number): number {
  const out = traffic.calls.filter(({ caller }) => caller === workload);
  return out.reduce(
    (sum, { callee, share }) => sum + share * (latencyAt(traffic, callee, time) + ON_THE_WAY_MS),
    traffic.takes(workload, time),
  );
}

/** The same as its caller sees it. */
export const callLatencyAt = (traffic: Traffic, callee: string, time: number): number =>
  latencyAt(traffic, callee, time) + ON_THE_WAY_MS;
