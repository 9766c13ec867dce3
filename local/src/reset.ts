import { existsSync, rmSync } from 'node:fs';
import { homeAt, homeFolder } from './home.ts';
import { homeHolder, reapLeftovers } from './process.ts';

/** Removes everything that was stored, and keeps the downloaded programs; refuses while Aetherius runs. */
async function reset(): Promise<number> {
  const home = homeAt(homeFolder(process.env));
  if (!existsSync(home.data)) {
    console.log(`There is no data in ${home.path}.`);
    return 0;
  }
  const holder = homeHolder(home.run);
  if (holder !== undefined) {
    console.error(`Aetherius is running from ${home.path} (pid ${holder}); stop it first (Ctrl-C in its terminal).`);
    return 1;
  }
  const reaped = existsSync(home.run) ? await reapLeftovers(home.run) : [];
  if (reaped.length > 0) console.log(`Stopped what an earlier start left running: ${reaped.join(', ')}.`);
  rmSync(home.data, { recursive: true, force: true });
  console.log(
    `Removed ${home.data}: databases, message store, keys, credentials and logs. Downloaded programs stay in ${home.cache}.`,
  );
  return 0;
}

process.exitCode = await reset();
