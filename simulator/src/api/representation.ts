import type { JsonObject } from '../store/json.ts';
import type { KubeObject } from '../store/kube-object.ts';
import { toWire } from './event-view.ts';
import { listDocument, type Page } from './list.ts';
import type { RequestInfo } from './request-info.ts';
import { tableOf } from './table.ts';

/** The form in which a client wants objects: as they are, as rows to print, or their metadata alone. */
export type Form = 'object' | 'table' | 'metadata';

/** The first form of an Accept header that is served. */
function formOf(accept: string): Form {
  const first = accept.split(',').find((part) => part.includes('json') || part.includes('*')) ?? '';
  if (/;\s*as=Table\b/.test(first)) return 'table';
  return /;\s*as=PartialObjectMetadata(List)?\b/.test(first) ? 'metadata' : 'object';
}

const metadataOnly = ({ metadata }: JsonObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  ...(metadata === undefined ? {} : { metadata }),
});

/** How objects go out for one request. */
export function createRepresentation(request: RequestInfo, accept: string, now: () => Date) {
  const form = formOf(accept);
  const table = (page: Page): JsonObject =>
    tableOf(page, { kind: request.kind, now: now(), include: request.query.get('includeObject') ?? 'Metadata' });

  return Object.freeze({
    one(object: KubeObject): JsonObject {
      if (form === 'object') return toWire(request.kind, object);
      if (form === 'metadata') return metadataOnly(object);
      return table({ items: [object], metadata: { resourceVersion: object.metadata.resourceVersion } });
    },
    page(page: Page): JsonObject {
      if (form === 'object') return listDocument(request, page);
      if (form === 'table') return table(page);
      const { items, metadata } = page;
      return {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: items.map(metadataOnly),
      };
    },
  });
}

/** How objects go out for one request. */
export type Representation = ReturnType<typeof createRepresentation>;
