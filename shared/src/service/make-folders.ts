import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A folder, with this mode at most, and all above it, one after the other: Node's own way does not end below a folder that takes none, as /proc. */
export function makeFolders(path: string, mode?: number): void {
  if (isFolder(path)) return;
  makeFolders(dirname(resolve(path)));
  try {
    mkdirSync(path, { mode });
  } catch (cause) {
    // Another start may have made it meanwhile.
    if (!isFolder(path)) throw cause;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
