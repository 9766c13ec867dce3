import type { JsonObject } from '@aetherius/shared/contracts';
import { asObject } from '../evidence/bundle-items.ts';
import type { KubeClient, Query } from '../kube/client.ts';
import { KubeError } from '../kube/kube-error.ts';

const PAGE = 500;
const LOG_MS = 5_000;

/** A collection that was read; `whole` tells that there is nothing of it that was not. */
export type Collection = { items: JsonObject[]; whole: boolean };

/** Reads from a cluster, so many requests at a time; a refusal becomes a statement, since one refused kind must not end all. */
export type Reader = {
  collection(path: string, options: { most: number; isExtra: boolean }): Promise<Collection>;
  log(path: string, query: Query): Promise<string | undefined>;
  cut(): string[];
};

/** A reader over a client with at most `parallel` requests under way. */
export function createReader(client: Pick<KubeClient, 'list' | 'text'>, parallel: number): Reader {
  const cut = new Set<string>();
  const turn = createTurnstile(parallel);
  const pages = async (path: string, most: number): Promise<Collection> => {
    const items: JsonObject[] = [];
    let next: string | undefined = '';
    while (next !== undefined && items.length < most) {
      const query: Query = { limit: PAGE, continue: next === '' ? undefined : next };
      const page = asObject(await turn(() => client.list(path, query)));
      items.push(...itemsOf(page));
      next = nextOf(page);
    }
    if (next === undefined && items.length <= most) return { items, whole: true };
    cut.add(`${path}: only the first ${most} were read`);
    return { items: items.slice(0, most), whole: false };
  };
  return {
    collection: (path, { most, isExtra }) =>
      pages(path, most).catch((error: unknown) => {
        if (!(error instanceof KubeError)) throw error;
        if (!(error.code === 404 && isExtra)) cut.add(`${path}: ${error.reason}`);
        return { items: [], whole: false };
      }),
    log: (path, query) =>
      turn(() => client.text(path, query, { timeoutMs: LOG_MS })).catch((error: unknown) => {
        if (!(error instanceof KubeError)) throw error;
        // A container that never ran has no log; that is not worth a word.
        if (error.code !== 400 && error.code !== 404) cut.add(`${path}: ${error.reason}`);
        return undefined;
      }),
    cut: () => [...cut],
  };
}

function nextOf(page: JsonObject): string | undefined {
  const { continue: next } = asObject(page['metadata']);
  return typeof next === 'string' && next !== '' ? next : undefined;
}

function itemsOf(page: JsonObject): JsonObject[] {
  const { items, kind, apiVersion } = page;
  const itemKind = typeof kind === 'string' ? kind.replace(/List$/, '') : 'Unknown';
  return (Array.isArray(items) ? items : []).map((item) => ({
    kind: itemKind,
    apiVersion: apiVersion ?? 'v1',
    ...asObject(item),
  }));
}

/** Lets so many through at a time, the others in the order in which they came. */
function createTurnstile(most: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (run) => {
    if (inside >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else inside += 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      // The place is handed over rather than given back, so that nobody slips in between.
      if (next === undefined) inside -= 1;
      else next();
    }
  };
}
