import type { JsonObject } from '../store/json.ts';
import { apiVersionOf, type Kind, servedResources } from '../store/kinds.ts';
import { noSuchPath } from './request-info.ts';

/** A version 2 document without definitions: clients then skip their own validation and leave it to the server. */
export const openApiV2: JsonObject = {
  swagger: '2.0',
  info: { title: 'Kubernetes', version: 'v1.35.4' },
  paths: {},
  definitions: {},
};

const addressOf = (groupVersion: string): string =>
  groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;

/** The version 3 index, or the document of one group version; undefined for another address. */
export function openApiV3(path: string): JsonObject | undefined {
  if (path === '/openapi/v3') return index();
  if (!path.startsWith('/openapi/v3/')) return undefined;
  const wanted = path.slice('/openapi/v3/'.length);
  const kinds = servedResources.filter((kind) => addressOf(apiVersionOf(kind)) === wanted);
  if (kinds.length === 0) throw noSuchPath();
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.35.4' },
    paths: Object.fromEntries(kinds.map((kind) => [pathOf(kind), { patch: patchOperation(kind) }])),
    components: {},
  };
}

function index(): JsonObject {
  const addresses = new Set(servedResources.map((kind) => addressOf(apiVersionOf(kind))));
  const entries = [...addresses].map((address) => [address, { serverRelativeURL: `/openapi/v3/${address}?hash=1` }]);
  return { paths: Object.fromEntries(entries) };
}

const pathOf = (kind: Kind): string =>
  `/${addressOf(apiVersionOf(kind))}/${kind.namespaced ? 'namespaces/{namespace}/' : ''}${kind.plural}/{name}`;

/** Clients read from the patch operation whether the server does dry runs and validates fields. */
function patchOperation({ group, version, kind }: Kind): JsonObject {
  const parameter = (name: string) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } });
  return {
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': { group, version, kind },
    parameters: ['dryRun', 'fieldManager', 'fieldValidation'].map(parameter),
    responses: { '200': { description: 'OK' } },
  };
}
