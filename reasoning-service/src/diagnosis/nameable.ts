import type { Subject } from '@aetherius/shared/contracts';

/** Whether this can be nothing but the name of an object of Kubernetes. */
export const isName = (text: string): boolean => /^[a-z0-9][a-z0-9.-]{0,252}$/.test(text);

/** What comes from text becomes a part of a command only where it can be nothing else. */
export const isNameable = ({ kind, namespace, name }: Subject): boolean =>
  /^[A-Za-z][A-Za-z0-9]{0,62}$/.test(kind) && isName(namespace ?? 'x') && isName(name);
