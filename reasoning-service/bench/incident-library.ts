import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Bundle, Category, Subject } from '@aetherius/shared/contracts';
import { z } from 'zod';

/** A recorded incident: what was seen, what it is, and what it is easily taken for (null when for nothing else). */
const Incident = z.object({
  name: z.string().min(1),
  source: z.string().min(1),
  looks_like: Category.nullable(),
  expected: z.object({ category: Category, subject: Subject, evidence: z.array(z.string()) }),
  bundle: Bundle,
});
export type Incident = z.infer<typeof Incident>;

/** Tune or test by the first bit of the SHA-256 of the name: nobody chooses which half an incident goes to. */
export const halfOf = (name: string): 'tune' | 'test' =>
  (createHash('sha256').update(name).digest()[0] ?? 0) % 2 === 0 ? 'tune' : 'test';

/** Every incident of the library, in order of their names. */
export function readIncidents(): Incident[] {
  const folder = new URL('../incidents/', import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => Incident.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))));
}
