import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';

/** Stops every change by this agent until it is taken back; on disk, so that a restart does not take it back. */
export type KillSwitch = { on: () => boolean; set: (on: boolean) => Promise<void> };

/** Opens the switch kept in a file: there means on. */
export function openKillSwitch(file: string): KillSwitch {
  let on = existsSync(file);
  return {
    on: () => on,
    set: async (wanted) => {
      // On takes effect before it is on disk, off only after: a crash in between leaves changes stopped.
      if (wanted) on = true;
      await (wanted ? writeDown(file) : rm(file, { force: true }));
      on = wanted;
    },
  };
}

async function writeDown(file: string): Promise<void> {
  const handle = await open(`${file}.new`, 'w');
  try {
    await handle.writeFile('on\n');
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
