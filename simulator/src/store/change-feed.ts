import { createChangeHistory } from './change-history.ts';
import type { Change } from './kube-object.ts';

/** Numbers the writes of a store, remembers the latest, and tells the listeners. */
export function createChangeFeed(capacity: number) {
  const listeners = new Set<(change: Change) => void>();
  const history = createChangeHistory(capacity);
  const waiting: Change[] = [];
  let version = 0;
  let publishing = false;

  /** A listener that fails must not hide the change from the others. */
  function deliver(change: Change, failures: unknown[]): void {
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        failures.push(error);
      }
    }
  }

  return Object.freeze({
    nextVersion: (): string => String(++version),
    version: (): string => String(version),
    since: (from: string, kind: string): Change[] | 'gone' => history.since(Number(from), kind),
    compact: (): void => history.trim(),
    subscribe(listener: (change: Change) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish(change: Change): void {
      history.append(change);
      waiting.push(change);
      // A listener that writes would otherwise show later listeners its own change before the one that caused it.
      if (publishing) return;
      publishing = true;
      const failures: unknown[] = [];
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) deliver(next, failures);
      publishing = false;
      if (failures.length > 0) throw failures[0];
    },
  });
}
