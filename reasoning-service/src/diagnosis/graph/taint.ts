import type { JsonObject } from '@aetherius/shared/contracts';
import { textAt } from '../json-path.ts';

/** Whether a taint that somebody set on purpose keeps a pod with these tolerations off its node. */
export function keepsOff(taint: JsonObject, tolerations: readonly JsonObject[]): boolean {
  const key = textAt(taint, 'key') ?? '';
  // Those of Kubernetes tell of a node that is lost, full or cordoned, which could not be had anyway.
  if (/^node(-role)?\.kubernetes\.io\//.test(key) || textAt(taint, 'effect') === 'PreferNoSchedule') return false;
  return !tolerations.some((toleration) => tolerates(toleration, taint));
}

/** An operator that is not stated means equal, a key that is not stated any key, an effect that is not stated any effect. */
export function tolerates(toleration: JsonObject, taint: JsonObject): boolean {
  const [key, effect] = [textAt(toleration, 'key') ?? '', textAt(toleration, 'effect') ?? ''];
  const exists = textAt(toleration, 'operator') === 'Exists';
  if (effect !== '' && effect !== textAt(taint, 'effect')) return false;
  if (key === '') return exists;
  return (
    key === textAt(taint, 'key') && (exists || (textAt(toleration, 'value') ?? '') === (textAt(taint, 'value') ?? ''))
  );
}
