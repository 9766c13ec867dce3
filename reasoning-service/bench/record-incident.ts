import type { Bundle, BundleObject, Category, Subject } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { redactDeep } from '@aetherius/shared/redact';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { textAt } from '../src/diagnosis/json-path.ts';
import type { Source } from '../src/intake/reading.ts';
import { bundleOf } from '../src/offline/findings.ts';
import type { Incident, StoredIncident } from './incident-library.ts';
import type { Options } from './record-options.ts';
import { relevantObjects } from './relevant-objects.ts';

/** How an incident is called, and what is known about it. */
export type Named = Omit<Options, 'bundle' | 'out'>;

/** A bundle as an incident of the library, with what is known about it. */
export function recordedIncident(bundle: Bundle, { name, source, known, looksLike }: Named): Incident {
  const kept = relevantObjects(ofOneNamespace(bundle));
  const { category, subject } = known ?? diagnose(kept);
  const words = [
    source ?? 'recorded from a live cluster with npm run record',
    ...versionIn(bundle.objects),
    ...(known === undefined ? ['expected answer by the rules, confirmed by nobody'] : []),
  ];
  return redactDeep({
    name,
    source: words.join('; '),
    looks_like: looksLike,
    expected: { category, subject, evidence: [] },
    bundle: kept,
  });
}

/** Texts that a person would paste as an incident of the library; they are kept as they are, so that reading them is tried, too. */
export function pastedIncident(
  sources: readonly Source[],
  at: string,
  { name, source = 'pasted', known, looksLike }: Named,
): StoredIncident {
  // Line by line: a secret of several lines is not what kubectl shows, and a name must not swallow the line below it.
  const masked = (text: string) => redactDeep(text.split('\n')).join('\n');
  const texts = sources.map((one) => ({ name: one.name, text: masked(one.text) }));
  const { bundle } = bundleOf(texts, at);
  if (bundle === undefined) throw errors.invalid_input({ '--bundle': 'nothing in it could be read' });
  const { category, subject } = known ?? diagnose(bundle);
  const expected = { category, subject: asTold(bundle, category, subject), evidence: [] };
  return { name, source, looks_like: looksLike, expected, pasted: { at, texts } };
}

/** A table of one namespace does not say which, and is read as kubectl's default; and where nothing is wrong, nothing is so with what the texts are about. */
function asTold({ subject: about, objects, events }: Bundle, category: Category, subject: Subject): Subject {
  if (category === 'no_incident') return about;
  const isTold = [...objects, ...events].some(({ namespace }) => namespace === subject.namespace);
  const shown = objects.find(({ kind, name }) => kind === subject.kind && name === subject.name);
  return isTold ? subject : { ...subject, namespace: shown?.namespace ?? null };
}

/** How the cluster's other namespaces are called is nobody's business. */
function ofOneNamespace(bundle: Bundle): Bundle {
  const { subject, objects, complete } = bundle;
  if (subject.kind !== 'Namespace') return bundle;
  return {
    ...bundle,
    objects: objects.filter(({ kind, name }) => kind !== 'Namespace' || name === subject.name),
    complete: complete.filter((kind) => kind !== 'Namespace'),
  };
}

/** The version of Kubernetes, as a real kubelet tells it. */
function versionIn(objects: readonly BundleObject[]): string[] {
  const versions = objects
    .filter(({ kind }) => kind === 'Node')
    .map(({ body }) => textAt(body, 'status.nodeInfo.kubeletVersion'));
  const version = versions.find((one) => one?.startsWith('v'));
  return version === undefined ? [] : [`Kubernetes ${version}`];
}
