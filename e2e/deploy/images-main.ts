import { findEngine } from './engine.ts';
import { buildImages, chooseBases } from './images.ts';

const report = (line: string) => console.log(line);

async function main(): Promise<number> {
  const engine = await findEngine(report);
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
    return 0;
  } finally {
    await engine.stop();
  }
}

process.exit(
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }),
);
