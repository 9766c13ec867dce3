import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const atTheTop = fileURLToPath(new URL('../../.env', import.meta.url));

/** Loads `.env` at the top of the checkout when there is one, and says what is wrong with it; what is set already wins. */
export function loadEnvFile(file = atTheTop): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    process.loadEnvFile(file);
    return undefined;
  } catch (error) {
    return `${file} cannot be read: ${error instanceof Error ? error.message : error}`;
  }
}
