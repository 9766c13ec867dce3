import { createServer, type ServerResponse } from 'node:http';

/**
 * An image registry on loopback that has nothing: 404 for every image, 401 for images whose name starts with `private/`.
 * A program of its own, because it outlives the command that brings the bed up. Its one argument is the port.
 */
const server = createServer(({ url = '/' }, response) => {
  if (/^\/v2\/?$/.test(url)) return answer(response, 200, {});
  if (url.startsWith('/v2/private/')) {
    response.setHeader('www-authenticate', 'Basic realm="bed"');
    return answer(response, 401, { errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] });
  }
  return answer(response, 404, { errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] });
});

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

server.listen(Number(process.argv[2]), '127.0.0.1');
