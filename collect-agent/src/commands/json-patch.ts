import { COMMANDS_ANNOTATION, type Json } from '@aetherius/shared/contracts';
import type { KubeObject } from './kube-object.ts';

/** One operation of a JSON patch. */
export type Operation = { op: 'add' | 'replace' | 'remove'; path: string; value?: Json };

const KEPT_MARKS = 10;

/** A JSON pointer out of plain names. */
export const pointer = (...names: (string | number)[]): string =>
  names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The ids of the commands that an object's annotation names, oldest first. */
const marksOf = (object: KubeObject): string[] =>
  (object.metadata.annotations?.[COMMANDS_ANNOTATION] ?? '').split(',').filter((id) => id !== '');

/** Whether the command has been carried out on this object, as far as its last ten marks tell. */
export const hasMark = (object: KubeObject, id: string): boolean => marksOf(object).includes(markOf(id));

/** A comma separates marks, so it may not be part of one. */
const markOf = (id: string): string => id.replaceAll(',', ';');

/**
 * The whole write: bound to the resource version that was read, the change itself, and the command's mark, in one request.
 * A JSON patch rather than a merge patch: a merge cannot replace a map as a whole, and the resource version makes indices safe.
 */
export function writeOf({ object, id, change }: { object: KubeObject; id: string; change: Operation[] }): Operation[] {
  const marks = [...marksOf(object), markOf(id)].slice(-KEPT_MARKS).join(',');
  const annotations = object.metadata.annotations;
  return [
    { op: 'replace', path: '/metadata/resourceVersion', value: object.metadata.resourceVersion },
    ...change,
    annotations === undefined
      ? { op: 'add', path: '/metadata/annotations', value: { [COMMANDS_ANNOTATION]: marks } }
      : { op: 'add', path: pointer('metadata', 'annotations', COMMANDS_ANNOTATION), value: marks },
  ];
}
