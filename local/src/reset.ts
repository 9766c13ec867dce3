import { loadEnvFile } from './env-file.ts';
import { homeAt, homeFolder, places } from './home.ts';
import { clearHomes } from './process.ts';
import { resetReport } from './reset-report.ts';

/** Removes everything that was stored, and keeps the downloaded programs; refuses while Aetherius runs. */
async function reset(): Promise<void> {
  const path = homeFolder(process.env);
  const cleared = await clearHomes(places.map((place) => homeAt(path, place)));
  for (const line of resetReport({ ...cleared, cache: homeAt(path).cache }, process.env)) console.log(line);
}

// The home that is emptied must be the one that a start with the same file uses.
const wrongFile = loadEnvFile();
if (wrongFile !== undefined) {
  console.error(wrongFile);
  process.exit(2);
}
await reset().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
