import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createKubeClient, type KubeConnection } from '../src/kube/client.ts';

let server: Server | undefined;
let stop: (() => void) | undefined;

const serve = async (listener: RequestListener, connection: Partial<KubeConnection> = {}) => {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const client = createKubeClient({
    server: `http://127.0.0.1:${(started.address() as AddressInfo).port}`,
    ...connection,
  });
  stop = client.stop;
  return client;
};

afterEach(() => {
  stop?.();
  server?.closeAllConnections();
  server?.close();
});

describe('kube client', () => {
  it('sends the query, and the token as it is at that moment', async () => {
    const seen: string[] = [];
    const tokens = ['old', 'new'];
    const client = await serve(
      (request, response) => {
        seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
        response.end('{"kind":"PodList"}');
      },
      { token: () => tokens.shift() },
    );
    expect(await client.list('/api/v1/pods', { limit: 500, continue: undefined })).toEqual({ kind: 'PodList' });
    await client.get('/version');
    expect(seen).toEqual(['GET /api/v1/pods?limit=500 Bearer old', 'GET /version Bearer new']);
  });

  it('carries a body with its content type', async () => {
    const client = await serve((request, response) => {
      response.write(JSON.stringify({ type: request.headers['content-type'], method: request.method }));
      response.end();
    });
    const answer = await client.patch('/api/v1/nodes/n1', 'application/merge-patch+json', { spec: {} });
    expect(answer).toEqual({ type: 'application/merge-patch+json', method: 'PATCH' });
  });

  it('turns a refusal into code, reason and message', async () => {
    const client = await serve((_, response) => {
      response.statusCode = 409;
      response.end(JSON.stringify({ kind: 'Status', reason: 'Conflict', message: 'has been modified' }));
    });
    await expect(client.get('/api/v1/nodes/n1')).rejects.toMatchObject({
      name: 'KubeError',
      code: 409,
      reason: 'Conflict',
      message: 'has been modified',
      path: '/api/v1/nodes/n1',
    });
  });

  it('says when there is no answer in time', async () => {
    const client = await serve(() => undefined);
    await expect(client.text('/api/v1/x/log', {}, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 0,
      reason: 'Timeout',
    });
  });
});

describe('kube client, at its edges', () => {
  it('asks for no Secret, whatever the verb', async () => {
    let requests = 0;
    const client = await serve((_, response) => {
      requests += 1;
      response.end('{}');
    });
    const path = '/api/v1/namespaces/shop/secrets/db';
    const tries = [client.get(path), client.text(path), client.delete(path), client.put(path, {})];
    for (const tried of tries) await expect(tried).rejects.toMatchObject({ reason: 'SecretsRefused' });
    expect(requests).toBe(0);
  });

  it('hands over watch lines as they come, split wherever the network cut them', async () => {
    const client = await serve((_, response) => {
      response.write('{"type":"ADDED","object":{"a"');
      setTimeout(() => response.end(':1}}\n{"type":"BOOKMARK"}\n'), 20);
    });
    const lines: unknown[] = [];
    await client.watch(
      '/api/v1/pods',
      {},
      {
        signal: new AbortController().signal,
        onLine: (line) => lines.push(line),
      },
    );
    expect(lines).toEqual([{ type: 'ADDED', object: { a: 1 } }, { type: 'BOOKMARK' }]);
  });
});
