import { readdirSync, readFileSync } from 'node:fs';
import { Bundle, Subject } from '@aetherius/shared/contracts';
import { z } from 'zod';

/** A recorded fault: what is broken, what is said of it, and the evidence that comes along. */
export type RecordedFault = { subject: Subject; reason: string; message: string; bundle: Bundle };

const Recorded = z.object({ expected: z.object({ subject: Subject }), bundle: Bundle });
const folder = new URL('../../reasoning-service/incidents/', import.meta.url);

/** The recorded incidents, with bundles as large as they are. */
export const readFaults = (): RecordedFault[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as object)
    // What was pasted is text that a person reads and no agent sends.
    .filter((incident) => !('pasted' in incident))
    .map((incident) => faultOf(Recorded.parse(incident)));

function faultOf({ expected, bundle }: z.infer<typeof Recorded>): RecordedFault {
  const warning = bundle.events.find(({ type }) => type === 'Warning');
  return {
    subject: expected.subject,
    reason: (warning?.reason ?? 'Degraded').slice(0, 128),
    message: (warning?.message ?? 'has fewer ready pods than it should have').slice(0, 2_000),
    bundle,
  };
}
