import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { errors } from '@aetherius/shared/errors';
import { makeFolders } from '@aetherius/shared/service';

/** Told at the start: what waits for the bus, the key and the kill switch all stand in this folder. */
export async function requireSpool(folder: string): Promise<void> {
  try {
    makeFolders(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const way_out = 'set it to a folder that this process may make and write to, on a disk that outlives it';
    throw errors.invalid_input({ SPOOL_DIR: folder, reason, way_out }, { cause });
  }
}
