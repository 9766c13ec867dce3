import { nameLetters } from './random.ts';
import type { PodTemplate } from './types.ts';

/** The value of `pod-template-hash`: equal templates hash alike, whatever the order of their fields. */
export function templateHash(template: PodTemplate, collisionCount = 0): string {
  let hash = 0x811c9dc5;
  for (const character of `${canonical(template)}${collisionCount === 0 ? '' : collisionCount}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return [...String(hash)].map((digit) => nameLetters.charAt(digit.charCodeAt(0) % nameLetters.length)).join('');
}

/** A template as text with its fields in a fixed order; the hash label that a controller added is left out. */
export function canonical(template: PodTemplate): string {
  const { 'pod-template-hash': _hash, ...labels } = template.metadata?.labels ?? {};
  return JSON.stringify(sorted({ ...template, metadata: { ...template.metadata, labels } }));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
