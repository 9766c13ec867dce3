import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where programs built from source are kept between runs, outside of any checkout. */
export const cacheFolder = (variables: Record<string, string | undefined>): string =>
  variables['AETHERIUS_CACHE'] ?? join(homedir(), '.cache', 'aetherius');
