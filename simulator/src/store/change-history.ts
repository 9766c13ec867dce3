import type { Change } from './kube-object.ts';

/** Keeps the latest changes, so that a watch can start in the recent past. */
export function createChangeHistory(capacity: number) {
  let changes: Change[] = [];
  let trimmedUpTo = 0;

  function dropOldest(count: number): void {
    const last = changes[count - 1];
    if (last === undefined) return;
    trimmedUpTo = Number(last.object.metadata.resourceVersion);
    changes = changes.slice(count);
  }

  return Object.freeze({
    append(change: Change): void {
      changes.push(change);
      // Dropping half at a time keeps the cost of an append constant.
      if (changes.length > capacity) dropOldest(Math.ceil(capacity / 2));
    },
    trim: (): void => dropOldest(changes.length),
    since(version: number, kind: string): Change[] | 'gone' {
      if (version < trimmedUpTo) return 'gone';
      return changes.slice(firstAfter(changes, version)).filter((change) => change.object.kind === kind);
    },
  });
}

function firstAfter(changes: Change[], version: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(changes[middle]?.object.metadata.resourceVersion) > version) high = middle;
    else low = middle + 1;
  }
  return low;
}
