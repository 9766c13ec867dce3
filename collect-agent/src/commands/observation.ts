import type { Reading } from './conditions.ts';

/** How far an observation has come; times are milliseconds on the monotonic clock. */
export type Observation = {
  heldSince: number | undefined;
  last: { at: number; reading: Reading } | undefined;
  verdict: Verdict | undefined;
};
export type Verdict = { observed: 'met' | 'not_met' | 'unknown'; detail: string };
type Look = { at: number; started: number; heldForMs: number; windowMs: number; reading: Reading | undefined };

/** A look older than this proves nothing about now; a longer gap breaks what was held. */
const STALE_MS = 5_000;

export const unbegun: Observation = { heldSince: undefined, last: undefined, verdict: undefined };

/** The observation after one more look; `reading` is undefined when the API server did not answer. */
export function observe(so_far: Observation, look: Look): Observation {
  const { at, started, heldForMs, windowMs } = look;
  const next = look.reading === undefined ? blind(so_far, at) : seen(so_far, at, look.reading);
  if (next.heldSince !== undefined && next.last?.at === at && at - next.heldSince >= heldForMs) {
    return { ...next, verdict: { observed: 'met', detail: next.last.reading.detail } };
  }
  return at - started < windowMs ? next : { ...next, verdict: atTheEnd(next, at) };
}

/** Without an answer nothing is known; what was held before is held no longer once the gap is long. */
function blind({ heldSince, last }: Observation, at: number): Observation {
  const kept = last !== undefined && at - last.at <= STALE_MS ? heldSince : undefined;
  return { heldSince: kept, last, verdict: undefined };
}

function seen(so_far: Observation, at: number, reading: Reading): Observation {
  const restarted = so_far.last === undefined ? undefined : grown(so_far.last.reading.restarts, reading.restarts);
  const judged = restarted === undefined ? reading : { ...reading, holds: false, detail: restarted };
  const { heldSince } = blind(so_far, at);
  return { heldSince: judged.holds ? (heldSince ?? at) : undefined, last: { at, reading: judged }, verdict: undefined };
}

/** A container that restarts between two looks was down in between, however well it looks in both; a new pod begins at zero. */
function grown(before: Reading['restarts'], after: Reading['restarts']): string | undefined {
  const container = Object.keys(after).find((key) => (after[key] ?? 0) > (before[key] ?? 0));
  return container && `container ${container.split('#')[0]} restarted`;
}

/** Only a fresh look at a condition that does not hold is a failure; one that began to hold too late is not. */
function atTheEnd({ last, heldSince }: Observation, at: number): Verdict {
  if (last === undefined || at - last.at > STALE_MS) {
    return { observed: 'unknown', detail: 'the API server did not answer at the end of the window' };
  }
  if (heldSince === undefined) return { observed: 'not_met', detail: last.reading.detail };
  const held = `held for ${((at - heldSince) / 1000).toFixed(1)}s when the window ended`;
  return { observed: 'unknown', detail: `${last.reading.detail}; ${held}` };
}
