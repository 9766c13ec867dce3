import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@aetherius/shared/service';
import { silentLogger } from '@aetherius/shared/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createKubeClient } from '../src/kube/client.ts';
import type { HeldObject } from '../src/kube/objects.ts';
import { startInformer } from '../src/watch/informer.ts';
import { watchedKinds } from '../src/watch/kinds.ts';

type Handler = (url: URL, response: ServerResponse, request: IncomingMessage) => void;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const raw = (name: string, resourceVersion = '1') => ({
  metadata: { name, namespace: 'shop', uid: `u-${name}`, resourceVersion },
});
const page = (names: string[], metadata: Record<string, string>) =>
  JSON.stringify({ metadata: { resourceVersion: '10', ...metadata }, items: names.map((name) => raw(name)) });
const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;

const until = async (check: () => boolean): Promise<void> => {
  const deadline = Date.now() + 5_000;
  while (!check()) {
    if (Date.now() > deadline) throw new Error('it did not come to pass in 5 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

const start = async (handle: Handler, { silenceMs = 60_000, throwing = false } = {}) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://api');
    asked.push(
      `${url.searchParams.has('watch') ? 'watch' : 'list'} ${url.searchParams.get('resourceVersion') ?? url.searchParams.get('continue') ?? ''}`,
    );
    handle(url, response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = createKubeClient({ server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const kind = watchedKinds.find(({ name }) => name === 'services');
  if (kind === undefined) throw new Error('services are not watched');
  const told: string[] = [];
  const tell =
    (what: string) =>
    ({ metadata }: HeldObject) => {
      told.push(`${what} ${metadata.name}`);
      if (throwing) throw new Error('a listener broke');
    };
  const informer = startInformer({
    client,
    kind,
    listener: { onPut: tell('put'), onGone: tell('gone') },
    clock: systemClock,
    log: silentLogger(),
    silenceMs,
    random: () => 0,
  });
  closing.push(
    () => server.close(),
    () => server.closeAllConnections(),
    client.stop,
    informer.stop,
  );
  return { informer, told, asked };
};

const watching = (url: URL) => url.searchParams.has('watch');

describe('informer', () => {
  it('lists in pages and watches on from there', async () => {
    const { informer, told, asked } = await start((url, response) => {
      if (watching(url)) response.write(line('ADDED', raw('c', '11')) + line('DELETED', raw('a', '12')));
      else if (url.searchParams.get('continue') === 'more') response.end(page(['b'], {}));
      else response.end(page(['a'], { continue: 'more' }));
    });
    await until(() => told.length === 4);
    expect(told).toEqual(['put a', 'put b', 'put c', 'gone a']);
    expect(asked).toEqual(['list ', 'list more', 'watch 10']);
    expect([informer.synced, informer.size]).toEqual([true, 2]);
  });

  it('resumes at its position, which a bookmark moves too', async () => {
    let watches = 0;
    const { asked, told } = await start((url, response) => {
      if (!watching(url)) return response.end(page(['a'], {}));
      watches += 1;
      if (watches === 1) return response.end(line('BOOKMARK', { metadata: { resourceVersion: '77' } }));
      return response.write(line('ADDED', raw('b', '78')));
    });
    await until(() => told.length === 2);
    expect(asked).toEqual(['list ', 'watch 10', 'watch 77']);
  });

  it('tells only of what changed in that which is kept', async () => {
    const { metadata } = raw('a');
    const reported = { metadata: { ...metadata, resourceVersion: '11' }, status: { loadBalancer: {} } };
    const labelled = { metadata: { ...metadata, resourceVersion: '12', labels: { app: 'shop' } } };
    const { told } = await start((url, response) => {
      if (!watching(url)) return response.end(page(['a'], {}));
      return response.write([reported, labelled, raw('b', '13')].map((object) => line('MODIFIED', object)).join(''));
    });
    await until(() => told.includes('put b'));
    expect(told).toEqual(['put a', 'put a', 'put b']);
  });

  const expired = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
  // What a server says whose state was restored from a backup.
  const ahead = { ...expired, code: 504, reason: 'Timeout', message: 'Too large resource version: 9, current: 3' };

  it.each([
    ['410', 'as a line', expired],
    ['410', 'as an answer', expired],
    ['a position ahead of the server', 'as a line', ahead],
    ['a position ahead of the server', 'as an answer', ahead],
  ])('lists anew on %s that comes %s, and tells what vanished meanwhile', async (_what, how, status) => {
    const expire = (response: ServerResponse) => {
      if (how === 'as a line') response.end(line('ERROR', status));
      else response.writeHead(status.code).end(JSON.stringify(status));
    };
    const script = [
      (response: ServerResponse) => response.end(page(['a', 'b'], {})),
      expire,
      (response: ServerResponse) => response.end(page(['b'], {})),
    ];
    const { told, informer } = await start((_, response) => {
      const next = script.shift();
      if (next === undefined) response.flushHeaders();
      else next(response);
    });
    await until(() => told.includes('gone a'));
    expect(told).toEqual(['put a', 'put b', 'gone a']);
    expect(informer.restarts).toEqual({ relist: 1, silence: 0, failure: 0 });
  });
});

describe('an informer in trouble', () => {
  it('cuts a watch that went silent and asks again from where it was', async () => {
    const { informer, asked } = await start(
      (url, response) => {
        if (watching(url)) response.flushHeaders();
        else response.end(page([], {}));
      },
      { silenceMs: 60 },
    );
    await until(() => informer.restarts.silence >= 2);
    expect(asked.slice(0, 3)).toEqual(['list ', 'watch 10', 'watch 10']);
    expect(informer.restarts.failure).toBe(0);
  });

  it('gets over an API server that is down, forbids or talks rubbish', async () => {
    const answers = [
      (response: ServerResponse) => response.destroy(),
      (response: ServerResponse) => response.writeHead(403).end('{"reason":"Forbidden","message":"no"}'),
      (response: ServerResponse) => response.end('<html>'),
    ];
    const { informer, told } = await start((url, response) => {
      const answer = answers.shift();
      if (answer !== undefined) answer(response);
      else if (watching(url)) response.flushHeaders();
      else response.end(page(['a'], {}));
    });
    await until(() => informer.synced);
    expect([told, informer.restarts.failure]).toEqual([['put a'], 3]);
  });

  it('goes on when a listener throws or an object has no name', async () => {
    const { told } = await start(
      (url, response) => {
        if (watching(url)) response.write(line('ADDED', {}) + line('ADDED', raw('b', '11')));
        else response.end(page(['a'], {}));
      },
      { throwing: true },
    );
    await until(() => told.length === 2);
    expect(told).toEqual(['put a', 'put b']);
  });
});
