import type { JsonObject } from '../store/json.ts';
import { apiVersionOf, type Kind, servedResources } from '../store/kinds.ts';
import { noSuchPath } from './request-info.ts';

/** The version the simulator claims to be. */
export const versionInfo: JsonObject = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.4',
  gitCommit: 'simulated',
  gitTreeState: 'clean',
  buildDate: '2025-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'linux/amd64',
};

const reviewGroup = 'authorization.k8s.io';
const reviewResource: JsonObject = {
  name: 'selfsubjectaccessreviews',
  singularName: 'selfsubjectaccessreview',
  namespaced: false,
  kind: 'SelfSubjectAccessReview',
  verbs: ['create'],
};

const groups: string[] = [...new Set(servedResources.map(({ group }) => group).filter((group) => group !== ''))];

const versionOfGroup = (group: string): string => servedResources.find((kind) => kind.group === group)?.version ?? 'v1';

function groupEntry(group: string): JsonObject {
  const version = versionOfGroup(group);
  const entry = { groupVersion: `${group}/${version}`, version };
  return { name: group, versions: [entry], preferredVersion: entry };
}

/** The group and version whose kind a subresource speaks, where it is not that of its parent. */
const foreignKinds: { [subresource: string]: { group: string; version: string; kind: string } } = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
  binding: { group: '', version: 'v1', kind: 'Binding' },
};

const subresourceVerbs: { [subresource: string]: string[] } = {
  log: ['get'],
  eviction: ['create'],
  binding: ['create'],
  finalize: ['update'],
};

const verbsOf = (subresource: string): string[] => subresourceVerbs[subresource] ?? ['get', 'patch', 'update'];

function resourceEntries(kind: Kind): JsonObject[] {
  const { plural, singular, namespaced, verbs, shortNames, categories } = kind;
  const main = { name: plural, singularName: singular, namespaced, kind: kind.kind, verbs, shortNames, categories };
  const subs = kind.subresources.map((subresource) => ({
    name: `${plural}/${subresource}`,
    singularName: '',
    namespaced,
    kind: kind.kind,
    ...foreignKinds[subresource],
    verbs: verbsOf(subresource),
  }));
  return [main, ...subs];
}

function resourceList(groupVersion: string): JsonObject {
  const own = servedResources.filter((kind) => apiVersionOf(kind) === groupVersion).flatMap(resourceEntries);
  const resources = groupVersion === `${reviewGroup}/v1` ? [reviewResource] : own;
  if (resources.length === 0) throw noSuchPath();
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

/** The document under a discovery address, or undefined when the address is not one of discovery. */
export function discoveryDocument(path: string, accept: string): JsonObject | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const [root, first, second] = parts;
  if (root !== 'api' && root !== 'apis') return undefined;
  if (parts.length === 1) return rootDocument(root, accept);
  if (root === 'api') return parts.length === 2 ? resourceList(first ?? '') : undefined;
  if (parts.length === 2) return groupDocument(first ?? '');
  return parts.length === 3 ? resourceList(`${first}/${second}`) : undefined;
}

function groupDocument(group: string): JsonObject {
  if (!groups.includes(group) && group !== reviewGroup) throw noSuchPath();
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group) };
}

function rootDocument(root: 'api' | 'apis', accept: string): JsonObject {
  const aggregated = /as=APIGroupDiscoveryList/.test(accept) && /v=v2[;,]|v=v2$/.test(accept);
  if (aggregated) return aggregatedList(root === 'api' ? [''] : [...groups, reviewGroup]);
  if (root === 'apis') {
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: [...groups, reviewGroup].map(groupEntry) };
  }
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: '' }];
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
}

/** The content type of an aggregated discovery document. */
export const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

function aggregatedList(names: string[]): JsonObject {
  const items = names.map((group) => ({
    metadata: group === '' ? {} : { name: group },
    versions: [{ version: versionOfGroup(group), freshness: 'Current', resources: aggregatedResources(group) }],
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

function aggregatedResources(group: string): JsonObject[] {
  if (group !== reviewGroup) return servedResources.filter((kind) => kind.group === group).map(aggregatedResource);
  return [
    {
      resource: 'selfsubjectaccessreviews',
      responseKind: { group: reviewGroup, version: 'v1', kind: 'SelfSubjectAccessReview' },
      scope: 'Cluster',
      singularResource: 'selfsubjectaccessreview',
      verbs: ['create'],
    },
  ];
}

function aggregatedResource(kind: Kind): JsonObject {
  const responseKind = { group: kind.group, version: kind.version, kind: kind.kind };
  return {
    resource: kind.plural,
    responseKind,
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: kind.verbs,
    shortNames: kind.shortNames,
    categories: kind.categories,
    subresources: kind.subresources.map((subresource) => ({
      subresource,
      responseKind: foreignKinds[subresource] ?? responseKind,
      verbs: verbsOf(subresource),
    })),
  };
}
