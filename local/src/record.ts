import { splitRecordFlags } from './record-flags.ts';
import { runSource, withSnapshot } from './with-snapshot.ts';

const COMMAND = 'reasoning-service/bench/record.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const flags = splitRecordFlags(args);
  if ('problem' in flags) {
    console.error(`${flags.problem} (--help tells more)`);
    return 2;
  }
  const { own, cluster } = flags;
  if (own.includes('--help')) return runSource(COMMAND, own);
  return withSnapshot(cluster, (bundle) => runSource(COMMAND, ['--bundle', bundle, ...own]));
}
