import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

type Stored = { bytes: Buffer; type: string };
/** A registry of OCI artefacts on loopback that keeps in memory what is pushed to it. */
export type OciRegistry = { host: string; has: (path: string) => boolean; stop: () => Promise<void> };

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Starts a registry that speaks the distribution protocol as far as pushing and pulling need it. */
export async function startOciRegistry(): Promise<OciRegistry> {
  const stored = new Map<string, Stored>();
  const uploads = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    void answer(request, { stored, uploads }).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the registry has no port');
  return {
    host: `127.0.0.1:${address.port}`,
    has: (path) => stored.has(path),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

type State = { stored: Map<string, Stored>; uploads: Map<string, Buffer> };
type Answer = { status: number; headers?: Parameters<ServerResponse['writeHead']>[1]; body?: Buffer };

async function answer(request: IncomingMessage, state: State): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://registry');
  const bytes = await buffer(request);
  if (/^\/v2\/?$/.test(pathname)) return { status: 200 };
  const [, name = '', kind = '', rest = ''] = /^\/v2\/(.+)\/(blobs|manifests)\/(.+)$/.exec(pathname) ?? [];
  const [, upload] = /^uploads\/(.*)$/.exec(rest) ?? [];
  if (upload !== undefined)
    return take({ name, upload, bytes, digest: searchParams.get('digest'), method: request.method ?? '' }, state);
  if (request.method === 'PUT' && kind === 'manifests') return keep({ name, reference: rest, bytes, request }, state);
  const found = state.stored.get(`${name}/${kind}/${rest}`);
  if (found === undefined) return { status: 404, body: Buffer.from('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}') };
  const headers = {
    'content-type': found.type,
    'content-length': found.bytes.length,
    'docker-content-digest': digestOf(found.bytes),
  };
  return { status: 200, headers, ...(request.method === 'HEAD' ? {} : { body: found.bytes }) };
}

type Upload = { name: string; upload: string; bytes: Buffer; digest: string | null; method: string };

/** A blob comes in one piece or in several; it is kept once its digest is named, and only under the right one. */
function take({ name, upload, bytes, digest, method }: Upload, { stored, uploads }: State): Answer {
  const id = upload === '' ? String(uploads.size + 1) : upload;
  const whole = Buffer.concat([uploads.get(id) ?? Buffer.alloc(0), bytes]);
  uploads.set(id, whole);
  const location = `/v2/${name}/blobs/uploads/${id}`;
  if (digest === null || (method === 'POST' && bytes.length === 0))
    return { status: 202, headers: { location, range: `0-${Math.max(0, whole.length - 1)}` } };
  if (digestOf(whole) !== digest) return { status: 400 };
  stored.set(`${name}/blobs/${digest}`, { bytes: whole, type: 'application/octet-stream' });
  return { status: 201, headers: { location: `/v2/${name}/blobs/${digest}` } };
}

type Manifest = { name: string; reference: string; bytes: Buffer; request: IncomingMessage };

function keep({ name, reference, bytes, request }: Manifest, { stored }: State): Answer {
  const digest = digestOf(bytes);
  for (const known of [reference, digest])
    stored.set(`${name}/manifests/${known}`, { bytes, type: request.headers['content-type'] ?? 'application/json' });
  return { status: 201, headers: { location: `/v2/${name}/manifests/${digest}`, 'docker-content-digest': digest } };
}
