import { readdirSync, readFileSync } from 'node:fs';
import { Category, type Subject } from '@aetherius/shared/contracts';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { Brief } from './complete-object.ts';

const folder = new URL('library/', import.meta.url);

const Form = z.enum(['yaml', 'describe', 'tables']);
/** A form in which people paste what they see. */
export type Form = z.infer<typeof Form>;

const Written = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  expected: z.string().regex(/^[a-z_]+ [A-Za-z]+\/[^/ ]*\/[^/ ]+$/),
  /** Where the subject is in none. */
  namespace: z.string().optional(),
  namespace_labels: z.record(z.string(), z.string()).default({}),
  looks_like: Category.nullable().default(null),
  objects: z.array(z.looseObject({ kind: z.string(), name: z.string() })),
  /** What is done with kubectl when the objects have stood for a while; what it refuses is part of the fault. */
  after: z.array(z.string()).default([]),
  pasted: z.array(Form).default([]),
});

/** A fault made for the incident library: what is applied and done, and what a diagnosis has to say of it. */
export type LibraryFault = Omit<z.infer<typeof Written>, 'expected' | 'objects' | 'namespace'> & {
  group: string;
  namespace: string;
  category: Category;
  subject: Subject;
  objects: Brief[];
};

/** The groups of faults. */
export const libraryGroups = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.replace('.yaml', ''))
    .sort();

/** The faults of one group. */
export function readGroup(group: string): LibraryFault[] {
  const documents = parseAllDocuments(readFileSync(new URL(`${group}.yaml`, folder), 'utf8'), { merge: true });
  return documents.map((document) => faultOf(group, Written.parse(document.toJS())));
}

function faultOf(group: string, { expected, namespace, ...written }: z.infer<typeof Written>): LibraryFault {
  const [category = '', words = ''] = expected.split(' ');
  const [kind = '', place = '', name = ''] = words.split('/');
  const subject = { kind, namespace: place === '' ? null : place, name };
  const own = kind === 'Namespace' ? name : place;
  return {
    ...written,
    objects: written.objects as Brief[],
    group,
    namespace: namespace ?? own,
    category: Category.parse(category),
    subject,
  };
}
