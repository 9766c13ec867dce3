import { loadEnvFile } from './env-file.ts';
import { homeAt, homeFolder, places } from './home.ts';
import { clearHome } from './process.ts';

/** Removes everything that was stored, and keeps the downloaded programs; refuses while Aetherius runs. */
async function reset(): Promise<void> {
  const path = homeFolder(process.env);
  for (const home of places.map((place) => homeAt(path, place))) {
    const reaped = await clearHome(home);
    if (reaped.length > 0) console.log(`Stopped what an earlier start left running: ${reaped.join(', ')}.`);
    console.log(`Removed ${home.data}: databases, message store, keys, credentials and logs.`);
  }
  console.log(`Downloaded programs stay in ${homeAt(path).cache}.`);
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
