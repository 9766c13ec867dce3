import { runFileCommand } from './backup/command.ts';
import { restore } from './backup/restore.ts';

await runFileCommand({
  flag: 'from',
  usage: `usage: npm run restore -- --from FILE

Puts a backup into a database in which Aetherius has nothing yet, and refuses any other.
The database is the one of DATABASE_URL, else the one that "npm start -- --context NAME" will use.`,
  run: async ({ file, home, env }) => {
    const { tables, places } = await restore({ home, env, from: file });
    const whose = places.map(({ schema, owner }) => `${schema} belongs to ${owner}`).join(', ');
    return `${tables} tables restored from ${file}: ${whose}; start the services now, they go on where the backup stopped`;
  },
});
