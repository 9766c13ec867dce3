import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { misspelt } from '@aetherius/shared/service';

const example = fileURLToPath(new URL('../../.env.example', import.meta.url));
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

/**
 * A line for each variable that nobody reads and that is called nearly as one of `.env.example` that is not set. A shell may hold
 * variables of other programs, so they are told and refuse nothing.
 */
export function unreadVariables(env: Record<string, string | undefined>): string[] {
  const known = [...readFileSync(example, 'utf8').matchAll(/^#? ?([A-Z][A-Z0-9_]*)=/gm)].flatMap(
    ([, name]) => name ?? [],
  );
  return misspelt(known, env).map(({ name, meant }) => `${name} is not read; ${meant} is`);
}
