import type { Settings } from './settings.ts';
import type { Symptom } from './symptom.ts';

/** A node as a candidate: its deviation, what it lost, and what of that no callee explains. */
export type Candidate = { entity: string; z: number; total: number; own: number };

/** What the target lost in the window, and what it usually spends in it. */
export type TargetLoss = { total: number; usual: number };

export const nodeGate = (symptom: Symptom, settings: Settings): number =>
  symptom === 'latency' ? settings.latency_gate : settings.error_gate;

/** Whether a candidate is unusual enough, and large enough beside the target, to be named. */
export function passes(
  candidate: Candidate,
  target: TargetLoss,
  asked: { symptom: Symptom; settings: Settings },
): boolean {
  const { symptom, settings } = asked;
  if (candidate.z < nodeGate(symptom, settings)) return false;
  if (candidate.own <= 0 || candidate.own < settings.share_gate * target.total) return false;
  return symptom !== 'latency' || candidate.total >= settings.time_gate * target.usual;
}
