import { splitFlags } from './diagnose-flags.ts';
import { runSource, withSnapshot } from './with-snapshot.ts';

const COMMAND = 'reasoning-service/src/diagnose-command.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const flags = splitFlags(args);
  if ('problem' in flags) {
    console.error(`${flags.problem} (--help tells more)`);
    return 2;
  }
  const { answer, cluster } = flags;
  if (cluster === undefined) return runSource(COMMAND, answer);
  return withSnapshot(cluster, (bundle) => runSource(COMMAND, ['--bundle', bundle, ...answer]));
}
