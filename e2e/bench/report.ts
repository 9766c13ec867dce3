import { runCommand } from '@aetherius/shared/service';
import { type Flags, readFlags, usageOf, type Values } from '../../reasoning-service/bench/bench-flags.ts';

/** How far a bench is, for people. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Every figure on a line of its own, and as the last line all of them as one JSON object. */
export function printFigures(figures: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(24)} ${JSON.stringify(value)}`);
  console.log(JSON.stringify(figures));
}

/** Runs a bench; what is wrong with its command line or the machine is said without a stack, and the command has failed. */
export async function runBench<N extends string = never, S extends string = never>(
  command: string,
  flags: Flags<N, S, never>,
  bench: (options: Values<N, S>) => Promise<void>,
): Promise<void> {
  const answer = (options: Values<N, S>) => bench(options).then(() => '');
  process.exitCode = await runCommand<Values<N, S>>(process.argv.slice(2), {
    usage: usageOf(command, flags),
    readOptions: readFlags(flags),
    answer,
  });
}
