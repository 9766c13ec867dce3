import { ApiError } from '../store/api-error.ts';
import { type Kind, servedResources } from '../store/kinds.ts';

/** The verbs an API request can have, as RBAC names them. */
type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** What a request to a resource is about. */
export type RequestInfo = {
  verb: Verb;
  kind: Kind;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
  query: URLSearchParams;
};

const byPath = new Map(servedResources.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind]));

/** A 404 for an address nothing is served under. */
export const noSuchPath = (): ApiError =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource');

/** Reads a request under /api/v1 or /apis/GROUP/VERSION; throws 404 for an unknown resource and 405 for a verb it has not. */
export function parseRequest(method: string, url: URL): RequestInfo {
  const { group, version, rest } = splitGroup(
    url.pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decodePart),
  );
  const target = splitTarget(rest);
  const kind = byPath.get(`${group}/${version}/${target.plural}`);
  if (kind === undefined || (target.namespace !== undefined && !kind.namespaced)) throw noSuchPath();
  const { subresource } = target;
  if (subresource !== undefined && !kind.subresources.includes(subresource)) throw noSuchPath();
  const { namespace, name } = target;
  return { verb: verbOf(method, name, url.searchParams), kind, namespace, name, subresource, query: url.searchParams };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ApiError(400, 'BadRequest', `the path segment "${part}" is not valid percent-encoding`);
  }
}

function splitGroup(parts: string[]): { group: string; version: string; rest: string[] } {
  const [root, first, second, ...others] = parts;
  if (root === 'api' && first === 'v1') return { group: '', version: 'v1', rest: parts.slice(2) };
  if (root === 'apis' && first !== undefined && second !== undefined) {
    return { group: first, version: second, rest: others };
  }
  throw noSuchPath();
}

type Target = {
  plural: string | undefined;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
};

function splitTarget(rest: string[]): Target {
  const [head, namespace, plural, name, subresource, ...tail] = rest;
  const aboutNamespace = plural === undefined || plural === 'status' || plural === 'finalize';
  if (head === 'namespaces' && !aboutNamespace) {
    if (tail.length > 0) throw noSuchPath();
    return { plural, namespace, name, subresource };
  }
  if (name !== undefined) throw noSuchPath();
  return { plural: head, namespace: undefined, name: namespace, subresource: plural };
}

function verbOf(method: string, name: string | undefined, query: URLSearchParams): Verb {
  const named = name !== undefined;
  if (method === 'GET' || method === 'HEAD') return readVerb(named, query);
  if (method === 'POST') return 'create';
  if (method === 'DELETE') return named ? 'delete' : 'deletecollection';
  if (method === 'PUT' && named) return 'update';
  if (method === 'PATCH' && named) return 'patch';
  throw new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}

function readVerb(named: boolean, query: URLSearchParams): Verb {
  if (named) return 'get';
  return isTrue(query.get('watch')) ? 'watch' : 'list';
}

/** Query flags are on for `true` and `1`. */
export const isTrue = (value: string | null): boolean => value === 'true' || value === '1';
