import type { JsonObject } from '../store/json.ts';
import type { Kind } from '../store/kinds.ts';
import type { KubeObject } from '../store/kube-object.ts';
import { columnsOf } from './columns/index.ts';
import { toWire } from './event-view.ts';
import type { Page } from './list.ts';

/** A page as rows to print, each with the object (or its metadata) it stands for. */
export function tableOf({ items, metadata }: Page, view: { kind: Kind; now: Date; include: string }): JsonObject {
  const columns = columnsOf(view.kind.kind);
  const columnDefinitions = columns.map(({ name, type = 'string', format = '', priority = 0 }) => ({
    name,
    type,
    format,
    description: name,
    priority,
  }));
  const rows = items.map((object) => ({
    cells: columns.map(({ cell }) => cell(object, view.now)),
    ...included(object, view),
  }));
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions, rows };
}

function included(object: KubeObject, { include, kind }: { include: string; kind: Kind }): JsonObject {
  if (include === 'None') return {};
  if (include === 'Object') return { object: toWire(kind, object) };
  return { object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata } };
}
