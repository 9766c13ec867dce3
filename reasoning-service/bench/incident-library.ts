import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Bundle, Category, Subject } from '@aetherius/shared/contracts';
import { z } from 'zod';
import { bundleOf } from '../src/offline/findings.ts';

/** What a person pasted of a cluster, as the texts were, and when that was. */
const Pasted = z.object({ at: z.string(), texts: z.array(z.object({ name: z.string(), text: z.string() })) });
const known = {
  name: z.string().min(1),
  source: z.string().min(1),
  looks_like: Category.nullable(),
  expected: z.object({ category: Category, subject: Subject, evidence: z.array(z.string()) }),
};
/** An incident as it lies in its file: what was seen as a bundle, or as the texts that a bundle is read from. */
export const StoredIncident = z.union([z.object({ ...known, bundle: Bundle }), z.object({ ...known, pasted: Pasted })]);
export type StoredIncident = z.infer<typeof StoredIncident>;

/** A recorded incident: what was seen, what it is, and what it is easily taken for (null when for nothing else). */
export type Incident = Extract<StoredIncident, { bundle: Bundle }>;

/** Tune or test by the first bit of the SHA-256 of the name: nobody chooses which half an incident goes to. */
export const halfOf = (name: string): 'tune' | 'test' =>
  (createHash('sha256').update(name).digest()[0] ?? 0) % 2 === 0 ? 'tune' : 'test';

/** Every incident of the library, in order of their names. */
export function readIncidents(): Incident[] {
  const folder = new URL('../incidents/', import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => withBundle(StoredIncident.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8')))));
}

function withBundle(stored: StoredIncident): Incident {
  if ('bundle' in stored) return stored;
  const { pasted, ...rest } = stored;
  const { bundle } = bundleOf(pasted.texts, pasted.at);
  if (bundle === undefined) throw new Error(`${stored.name}: nothing of what was pasted could be read`);
  return { ...rest, bundle };
}
