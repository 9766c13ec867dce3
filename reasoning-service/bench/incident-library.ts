import { readdirSync, readFileSync } from 'node:fs';
import { Bundle, Category, Subject } from '@aetherius/shared/contracts';
import { z } from 'zod';
import { bundleOf } from '../src/offline/findings.ts';
import { type Half, halvesOf } from './incident-halves.ts';

/** What a person pasted of a cluster, as the texts were, and when that was. */
const Pasted = z.object({ at: z.string(), texts: z.array(z.object({ name: z.string(), text: z.string() })) });
/** Words that prove a fault, and what the object, event, log, metric or alert that says them is about: `Pod/cart-1`. */
const Proof = z.strictObject({ of: z.string().regex(/^[A-Z]\w*\/./), says: z.string().min(1) });
export type Proof = z.infer<typeof Proof>;

const known = {
  name: z.string().min(1),
  source: z.string().min(1),
  looks_like: Category.nullable(),
  expected: z.strictObject({
    category: Category,
    subject: Subject,
    /** Where the cause lies with something else than the subject: the Secret that is not there. */
    cause: Subject.optional(),
    /** Each proves it alone; none where there is nothing to prove. */
    evidence: z.array(Proof),
  }),
};
/** An incident as it lies in its file: what was seen as a bundle, or as the texts that a bundle is read from. */
export const StoredIncident = z.union([z.object({ ...known, bundle: Bundle }), z.object({ ...known, pasted: Pasted })]);
export type StoredIncident = z.infer<typeof StoredIncident>;

/** A recorded incident: what was seen, what it is, and what it is easily taken for (null when for nothing else). */
export type Incident = Extract<StoredIncident, { bundle: Bundle }>;

/** Every incident of the library, in order of their names. */
export function readIncidents(): Incident[] {
  const folder = new URL('../incidents/', import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => withBundle(StoredIncident.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8')))));
}

/** The incidents to tune by, or those that nothing but a bench may look at. */
export function readHalf(wanted: Half): Incident[] {
  const incidents = readIncidents();
  const halves = halvesOf(incidents);
  return incidents.filter(({ name }) => halves.get(name) === wanted);
}

function withBundle(stored: StoredIncident): Incident {
  if ('bundle' in stored) return stored;
  const { pasted, ...rest } = stored;
  const { bundle } = bundleOf(pasted.texts, pasted.at);
  if (bundle === undefined) throw new Error(`${stored.name}: nothing of what was pasted could be read`);
  return { ...rest, bundle };
}
