import { citeEvents, citeObject } from '../facts.ts';
import type { Rule } from '../hypothesis.ts';
import { textAt } from '../json-path.ts';

const classMissing = /storageclass(?:es)?\.storage\.k8s\.io "([^"]+)" not found/;

/** A claim that asks for a StorageClass which is not there. */
export const storageClass: Rule = (facts) => {
  const events = facts.events({ kind: 'PersistentVolumeClaim', message: classMissing });
  const first = events[0];
  const name = classMissing.exec(first?.message ?? '')?.[1];
  if (first === undefined || name === undefined) return undefined;
  const claim = facts
    .of('PersistentVolumeClaim')
    .find((object) => textAt(object.body, 'spec.storageClassName') === name);
  const subject = { kind: 'PersistentVolumeClaim', namespace: first.namespace, name: first.name };
  return {
    category: 'pvc_storageclass_missing',
    severity: 'high',
    subject,
    cause: {
      subject: { kind: 'StorageClass', namespace: null, name },
      description: `the claim asks for StorageClass ${name}, which does not exist`,
    },
    weight: 0.97,
    evidence: [
      ...citeEvents(events, 2),
      ...(claim === undefined ? [] : citeObject(claim, `storageClassName: ${name}`)),
    ],
    recommendations: [],
  };
};
