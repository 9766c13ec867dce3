import type { Subject } from '@aetherius/shared/contracts';

const mark = ' (file)';

/** What stands for the pod of a log of which nothing tells who wrote it; no pod can be called so. */
export const writerOf = (file: string): string => `${file}${mark}`;

/** The file that such a log was read from; undefined for the name of a pod. */
export const fileOf = (pod: string): string | undefined =>
  pod.endsWith(mark) && pod.length > mark.length ? pod.slice(0, -mark.length) : undefined;

/** A log that belongs to no pod that is known is what a finding is about, not a pod that nobody has seen. */
export function asLog(subject: Subject): Subject {
  const file = subject.kind === 'Pod' ? fileOf(subject.name) : undefined;
  return file === undefined ? subject : { kind: 'Log', namespace: null, name: file };
}
