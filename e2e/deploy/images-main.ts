import { imagesOf } from '../src/images/images-of.ts';
import { openEngine } from './engine.ts';
import { chosen, handOn, refuseExisting } from './hand-on.ts';
import { readImageFlags, usage, type Wanted } from './image-flags.ts';
import { buildImages, chooseBases, ownVersion } from './images.ts';

const report = (line: string) => console.log(line);

async function build(wanted: Wanted): Promise<number> {
  const engine = await openEngine(report);
  if ('missing' in engine) {
    console.error(`The images cannot be built here: ${engine.missing}.`);
    return 1;
  }
  // Otherwise the engine, which is a process of its own, would outlive this command.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.once(signal, () => void engine.stop().then(() => process.exit(1)));
  try {
    const { env } = engine;
    const { bases } = await chooseBases({ env, report });
    await buildImages({ env, report }, bases);
    if (wanted.save !== undefined || wanted.push !== undefined)
      await handOn(chosen(imagesOf(wanted.way), wanted), wanted, { env, report, version: ownVersion() });
    else if (engine.own)
      report(
        'They lie in an engine that was started for this command and ends with it, so no other command sees them: hand them on with "-- --save FILE" or "-- --push REGISTRY", or start Docker and run this again.',
      );
    return 0;
  } finally {
    await engine.stop();
  }
}

async function main(): Promise<number> {
  const wanted = readImageFlags(process.argv.slice(2));
  if (wanted === 'help') report(usage);
  else if (wanted.list) for (const { name } of chosen(imagesOf(wanted.way), wanted)) report(name);
  else {
    refuseExisting(wanted);
    return build(wanted);
  }
  return 0;
}

process.exit(
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }),
);
