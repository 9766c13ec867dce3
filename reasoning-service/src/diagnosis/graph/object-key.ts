import type { Subject } from '@aetherius/shared/contracts';

type Named = { kind: string; namespace: string | null; name: string };

/** One text per object of a cluster, for maps and sets. */
export const keyOf = ({ kind, namespace, name }: Named): string => `${kind}/${namespace ?? ''}/${name}`;

/** An object's or a reference's identity alone. */
export const subjectOf = ({ kind, namespace, name }: Named): Subject => ({ kind, namespace, name });

/** The same object, whatever else the two values carry. */
export const isSame = (a: Named, b: Named): boolean =>
  a.kind === b.kind && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '');

/** A manifest may carry an empty name, which points at nothing; then what is known to be there is meant. */
export const named = (subject: Subject, otherwise: Subject): Subject =>
  subject.kind === '' || subject.name === '' ? otherwise : subject;

/** How a person writes it: `Deployment shop/cart`. */
export const inFull = ({ kind, namespace, name }: Named): string =>
  `${kind} ${namespace === null || kind === 'Namespace' ? name : `${namespace}/${name}`}`;
