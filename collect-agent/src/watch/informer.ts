import type { Json, JsonObject } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { type Clock, createOutageLog, type OutageLog, sleep } from '@aetherius/shared/service';
import type { KubeClient } from '../kube/client.ts';
import { hasCode, KubeError } from '../kube/kube-error.ts';
import { backOffMs } from './back-off.ts';
import { isSame } from './is-same.ts';
import type { WatchedKind } from './kinds.ts';

/*
 * 1. What the listener was told is what the server has, or an older state of it: never something it does not have.
 * 2. The position moves only forward, after a line was handed over; a break resumes there, 410 lists anew, and so does a server that is behind it.
 * 3. A relist tells of what vanished meanwhile, because no watch will.
 * 4. Silence is no proof of peace: a half-open connection is as silent as a calm cluster, so it is cut and opened again.
 */

const PAGE = 500;
const WATCH_SECONDS = 600;
const SILENCE_MS = 90_000;

type Named = { metadata: { name: string; namespace?: string } };

/** What an informer tells; whatever these throw is logged and goes no further. */
export type Listener<T> = { onPut: (object: T, previous: T | undefined) => void; onGone: (object: T) => void };

/** Figures of one watch: reconnects by cause since the start. */
type Restarts = { relist: number; silence: number; failure: number };

export type Informer = {
  readonly name: string;
  readonly synced: boolean;
  readonly lastEventAt: number;
  readonly size: number;
  readonly restarts: Restarts;
  stop: () => Promise<void>;
};

type Needs<T extends Named> = {
  client: Pick<KubeClient, 'list' | 'watch'>;
  kind: WatchedKind<T>;
  listener: Listener<T>;
  clock: Clock;
  log: Logger;
  silenceMs?: number;
  random?: () => number;
};

type State = { synced: boolean; lastEventAt: number; position: string | undefined; failures: number };
type Run<T extends Named> = Needs<T> & {
  copy: Copy;
  state: State;
  restarts: Restarts;
  heard: () => void;
  outage: OutageLog;
  stopping: AbortSignal;
};

/** Keeps a true copy of one kind of object, for as long as it runs: lists in pages, watches on, and starts over by itself. */
export function startInformer<T extends Named>(needs: Needs<T>): Informer {
  const { kind, clock, random = Math.random } = needs;
  const stopping = new AbortController();
  const copy = createCopy(needs);
  const state: State = { synced: false, lastEventAt: clock.monotonic(), position: undefined, failures: 0 };
  const restarts: Restarts = { relist: 0, silence: 0, failure: 0 };
  const outage = createOutageLog({ ...needs, message: 'watch failed and is tried again' });
  const heard = () => {
    state.lastEventAt = clock.monotonic();
    outage.over();
  };
  const run: Run<T> = { ...needs, copy, state, restarts, heard, outage, stopping: stopping.signal };

  const running = (async () => {
    while (!stopping.signal.aborted) {
      await round(run).catch((error: unknown) => failed(run, error));
      if (state.failures > 0) await sleep(backOffMs(state.failures - 1, random()), stopping.signal);
    }
  })();

  return {
    name: kind.name,
    get synced() {
      return state.synced;
    },
    get lastEventAt() {
      return state.lastEventAt;
    },
    get size() {
      return copy.size();
    },
    restarts,
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function round<T extends Named>(run: Run<T>): Promise<void> {
  const { state, restarts } = run;
  if (state.position === undefined) {
    state.position = await listAll(run);
    state.synced = true;
  }
  const heardBefore = state.lastEventAt;
  const silent = await watchOn(run);
  if (silent) restarts.silence += 1;
  // A server that accepts and closes at once must not be asked in a tight loop.
  else if (state.lastEventAt === heardBefore) state.failures += 1;
  if (state.lastEventAt > heardBefore) state.failures = 0;
}

function failed<T extends Named>({ state, restarts, stopping, kind, outage }: Run<T>, error: unknown): void {
  if (stopping.aborted) return;
  state.failures += 1;
  if (hasCode(error, 410) || isFromTheFuture(error)) {
    restarts.relist += 1;
    state.position = undefined;
    return;
  }
  restarts.failure += 1;
  outage.failed(error, { watch: kind.name });
}

/** Our position lies ahead of the server's: its state was restored from a backup, or made anew, and will not come to it. */
const isFromTheFuture = (error: unknown): boolean =>
  hasCode(error, 504) && error instanceof Error && error.message.startsWith('Too large resource version');

type Copy = {
  put: (raw: Json) => string | undefined;
  gone: (raw: Json) => void;
  keepOnly: (keys: Set<string>) => void;
  size: () => number;
};

function createCopy<T extends Named>({ kind, listener, log }: Needs<T>): Copy {
  const objects = new Map<string, T>();
  const told = (tell: () => void) => {
    try {
      tell();
    } catch (error) {
      log.error({ err: error, watch: kind.name }, 'a change could not be taken in');
    }
  };
  const forget = (key: string, object: T) => {
    objects.delete(key);
    told(() => listener.onGone(object));
  };
  return {
    put: (raw) => {
      const object = kind.read(raw);
      if (object === undefined) {
        log.warn({ watch: kind.name }, 'the API server sent something without a name');
        return undefined;
      }
      const key = keyOf(object);
      const previous = objects.get(key);
      // Most reports of a kubelet differ only in what is not kept: the same again is no change.
      if (previous !== undefined && isSame(object, previous)) return key;
      if (kind.kept) objects.set(key, object);
      told(() => listener.onPut(object, previous));
      return key;
    },
    gone: (raw) => {
      const object = kind.read(raw);
      if (object !== undefined) forget(keyOf(object), object);
    },
    keepOnly: (keys) => {
      for (const [key, object] of objects) if (!keys.has(key)) forget(key, object);
    },
    size: () => objects.size,
  };
}

const keyOf = ({ metadata }: Named): string => `${metadata.namespace ?? ''}/${metadata.name}`;

const asObject = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

async function listAll<T extends Named>({ client, kind, copy, heard }: Run<T>): Promise<string> {
  const seen = new Set<string>();
  let next: string | undefined;
  for (;;) {
    const page = asObject(await client.list(kind.path, { limit: PAGE, continue: next }));
    heard();
    for (const item of Array.isArray(page['items']) ? page['items'] : []) {
      const key = copy.put(item);
      if (key !== undefined) seen.add(key);
    }
    const metadata = asObject(page['metadata']);
    next = text(metadata['continue']);
    if (next === undefined) {
      copy.keepOnly(seen);
      return text(metadata['resourceVersion']) ?? '0';
    }
  }
}

const text = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Watches until the server ends it (false) or nothing was heard for too long (true). */
async function watchOn<T extends Named>(run: Run<T>): Promise<boolean> {
  const { client, kind, copy, state, heard, stopping, silenceMs = SILENCE_MS } = run;
  const silence = new AbortController();
  const watchdog = setTimeout(() => silence.abort(), silenceMs);
  const query = { allowWatchBookmarks: true, resourceVersion: state.position, timeoutSeconds: WATCH_SECONDS };
  const onLine = (line: Json) => {
    watchdog.refresh();
    heard();
    state.position = take(copy, asObject(line), kind.path) ?? state.position;
  };
  try {
    await client.watch(kind.path, query, { signal: AbortSignal.any([stopping, silence.signal]), onLine });
    return false;
  } catch (error) {
    if (silence.signal.aborted) return true;
    throw error;
  } finally {
    clearTimeout(watchdog);
  }
}

/** Takes in one line of a watch and answers the position after it. */
function take(copy: Copy, line: JsonObject, path: string): string | undefined {
  const object = asObject(line['object']);
  if (line['type'] === 'ERROR') {
    const { code, reason, message } = object;
    const status = typeof code === 'number' ? code : 0;
    throw new KubeError({
      code: status,
      reason: text(reason) ?? 'WatchError',
      message: text(message) ?? 'watch ended',
      path,
    });
  }
  if (line['type'] === 'DELETED') copy.gone(object);
  else if (line['type'] !== 'BOOKMARK') copy.put(object);
  return text(asObject(object['metadata'])['resourceVersion']);
}
