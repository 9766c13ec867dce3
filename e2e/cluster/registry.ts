import { existsSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';

/**
 * An image registry on loopback: every name is the one image of the bed, but those listed as missing are 404 and those
 * whose name starts with `private/` are 401, and those of {@link refusals} refused in their way. A program of its own, because it outlives the command that brings the bed up.
 */
const [, , port, image = '', missing = ''] = process.argv;

createServer(({ url = '/' }, response) => {
  const { pathname } = new URL(url, 'http://registry');
  if (/^\/v2\/?$/.test(pathname)) return answer(response, 200, {});
  if (pathname.startsWith('/v2/private/')) {
    response.setHeader('www-authenticate', 'Basic realm="bed"');
    return answer(response, 401, { errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] });
  }
  const refused = Object.entries(refusals).find(([start]) => pathname.startsWith(`/v2/${start}/`))?.[1];
  if (refused !== undefined) return answer(response, refused.status, { errors: [refused] });
  const [, name = '', kind = '', reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/([\w.:-]+)$/.exec(pathname) ?? [];
  const isMissing = missingImages().some((missed) => missed.endsWith(`/${name}:${reference}`));
  const digest = reference.startsWith('sha256:') ? reference : manifest().digest;
  const file = join(image, 'blobs', ...digest.split(':'));
  if (isMissing || !existsSync(file)) {
    return answer(response, 404, { errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] });
  }
  response.setHeader('docker-content-digest', digest);
  return answer(response, 200, readFileSync(file), kind === 'manifests' ? manifest().mediaType : undefined);
}).listen(Number(port), '127.0.0.1');

/** What registries answer besides: to those who ask too often, who may not, and when they are out of order. */
const refusals: Record<string, { status: number; code: string; message: string }> = {
  limited: {
    status: 429,
    code: 'TOOMANYREQUESTS',
    message: 'You have reached your pull rate limit. You may increase the limit by authenticating and upgrading',
  },
  forbidden: { status: 403, code: 'DENIED', message: 'requested access to the resource is denied' },
  broken: { status: 500, code: 'UNKNOWN', message: 'unknown error' },
};

const missingImages = (): string[] => (existsSync(missing) ? readFileSync(missing, 'utf8').split('\n') : []);

function manifest(): { mediaType: string; digest: string } {
  const { manifests } = JSON.parse(readFileSync(join(image, 'index.json'), 'utf8'));
  return manifests[0];
}

function answer(response: ServerResponse, status: number, body: object | Buffer, type = 'application/json'): void {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  // For HEAD Node sends the headers alone, the length among them, which containerd wants to know.
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length }).end(bytes);
}
