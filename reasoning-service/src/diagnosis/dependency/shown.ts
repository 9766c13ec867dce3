import type { Subject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';

/** What the bundle shows of something that is called in vain, and of which object it shows it. */
export type Shown = { subject: Subject; says: string; evidence: Evidence[] };
