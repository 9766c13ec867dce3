/**
 * Whether a request path reaches Secrets, in whatever spelling. The agent never asks for one, and this holds even where a
 * person's kubeconfig would allow it; a namespace or pod that happens to be called "secrets" is not meant.
 */
export function reachesSecrets(path: string): boolean {
  const segments = segmentsOf(path);
  if (segments === undefined) return true;
  const [resource, , ...below] = resourceSegments(segments);
  return resource === 'secrets' || below.includes('secrets');
}

/** Undefined where a segment cannot be decoded: what cannot be read is not let through. */
function segmentsOf(path: string): string[] | undefined {
  try {
    const { pathname } = new URL(path, 'http://api');
    return decodeURIComponent(pathname)
      .toLowerCase()
      .split('/')
      .filter((segment) => segment !== '' && segment !== '.');
  } catch {
    return undefined;
  }
}

function resourceSegments(segments: string[]): string[] {
  const prefix = segments[0] === 'apis' ? 3 : 2;
  const named = segments.slice(prefix);
  const rest = named[0] === 'watch' ? named.slice(1) : named;
  return rest[0] === 'namespaces' && rest.length > 2 ? rest.slice(2) : rest;
}
