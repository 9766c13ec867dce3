import type { Bundle, BundleObject } from '@aetherius/shared/contracts';
import { redactDeep } from '@aetherius/shared/redact';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { textAt } from '../src/diagnosis/json-path.ts';
import type { Incident } from './incident-library.ts';
import type { Options } from './record-options.ts';

/** A bundle as an incident of the library, with what is known about it. */
export function recordedIncident(bundle: Bundle, { name, source, known }: Omit<Options, 'bundle' | 'out'>): Incident {
  const kept = ofOneNamespace(bundle);
  const { category, subject } = known ?? diagnose(kept);
  const words = [
    source ?? 'recorded from a live cluster with npm run record',
    ...versionIn(bundle.objects),
    ...(known === undefined ? ['expected answer by the rules, confirmed by nobody'] : []),
  ];
  return redactDeep({
    name,
    source: words.join('; '),
    looks_like: null,
    expected: { category, subject, evidence: [] },
    bundle: kept,
  });
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
