import { backUp } from './backup/back-up.ts';
import { runFileCommand } from './backup/command.ts';

await runFileCommand({
  flag: 'out',
  usage: `usage: npm run backup -- --out FILE

Writes what all services keep in Postgres, as it is at one instant, into a new file. Nothing has to be stopped for it.
The database is the one of DATABASE_URL, else the one that "npm start -- --context NAME" uses.`,
  run: async ({ file, home, env }) => {
    const { bytes, unsent } = await backUp({ home, env, out: file });
    return `${file}: ${bytes} bytes, with ${unsent} messages that were on their way and will be sent after a restore`;
  },
});
