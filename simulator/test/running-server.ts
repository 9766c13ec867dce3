import { afterEach, beforeEach } from '@jest/globals';
import { CoreV1Api, KubeConfig, type V1Pod } from '@kubernetes/client-node';
import { createApiServer } from '../src/api/api-server.ts';
import type { Hooks } from '../src/api/hooks.ts';
import { kubeconfig } from '../src/api/kubeconfig.ts';
import { createObjectStore, type ObjectStore } from '../src/store/object-store.ts';

/** Where the pods of the tests live. */
export const pods = '/api/v1/namespaces/default/pods';

/** A pod as small as may be. */
export const podBody = (name: string, labels: { [key: string]: string } = {}): V1Pod => ({
  metadata: { name, labels },
  spec: { containers: [{ name: 'app', image: 'nginx:1' }] },
});

type Answer = { code: number; headers: Headers; body: { [field: string]: unknown } };
type Seen = { type: string; object: { metadata: { name?: string }; code?: number } };

/** A fresh server for each test of a file, reached by the official client and by plain requests. */
export function runningServer() {
  const newState = (): { store: ObjectStore; hooks: Hooks } => ({
    store: createObjectStore({ clock: { now: () => new Date() }, newId: () => crypto.randomUUID() }),
    hooks: {},
  });
  let state = newState();
  let server = createApiServer(state);
  let address = '';

  beforeEach(async () => {
    state = newState();
    state.store.create({ kind: 'Namespace', metadata: { name: 'default' } });
    server = createApiServer(state);
    address = await server.listen(0);
  });
  afterEach(() => server.stop());

  function config(): KubeConfig {
    const kube = new KubeConfig();
    kube.loadFromString(kubeconfig(address));
    return kube;
  }
  const core = () => config().makeApiClient(CoreV1Api);

  return {
    get store() {
      return state.store;
    },
    get hooks() {
      return state.hooks;
    },
    config,
    core,
    createPod: (name: string, labels?: { [key: string]: string }): Promise<V1Pod> =>
      core().createNamespacedPod({ namespace: 'default', body: podBody(name, labels) }),
    call: (method: string, path: string, body?: unknown, headers?: { [name: string]: string }): Promise<Answer> =>
      send(`${address}${path}`, { method, body, headers }),
    /** Reads a watch on pods until it ends. */
    async watched(query: string): Promise<Seen[]> {
      const response = await fetch(`${address}${pods}?watch=true&${query}`);
      const lines = (await response.text()).split('\n').filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line));
    },
  };
}

async function send(
  url: string,
  { method, body, headers }: { method: string; body: unknown; headers: { [name: string]: string } | undefined },
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { code: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}
