import { ApiError } from '../store/api-error.ts';
import type { Timers } from './timers.ts';

/** Keys whose objects have to be looked at, each at most once at a time. */
type WorkQueue = {
  add(key: string): void;
  addAfter(key: string, seconds: number): void;
};

const batchSize = 200;
const firstRetrySeconds = 0.005;
const longestRetrySeconds = 1000;

/**
 * Runs `reconcile` for each key soon after it was added, in batches so that HTTP requests are answered in between.
 * A refusal by the API is tried again with growing delays; any other failure is a defect and surfaces.
 */
export function createWorkQueue(deps: { timers: Timers; reconcile: (key: string) => void }): WorkQueue {
  const ready = new Set<string>();
  const failures = new Map<string, number>();
  const later = new Map<string, () => void>();
  let scheduled = false;

  function wake(): void {
    if (scheduled || ready.size === 0) return;
    scheduled = true;
    deps.timers.after(0, drain);
  }

  function drain(): void {
    scheduled = false;
    for (const key of [...ready].slice(0, batchSize)) {
      ready.delete(key);
      attempt(key);
    }
    wake();
  }

  function attempt(key: string): void {
    try {
      deps.reconcile(key);
      failures.delete(key);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      addAfter(key, Math.min(longestRetrySeconds, firstRetrySeconds * 2 ** count));
    }
  }

  function add(key: string): void {
    ready.add(key);
    wake();
  }

  function addAfter(key: string, seconds: number): void {
    later.get(key)?.();
    const cancel = deps.timers.after(seconds, () => {
      later.delete(key);
      add(key);
    });
    later.set(key, cancel);
  }

  return Object.freeze({ add, addAfter });
}
