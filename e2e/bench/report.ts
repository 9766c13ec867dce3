import { AetheriusError } from '@aetherius/shared/errors';

/** How far a bench is, for people. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Every figure on a line of its own, and as the last line all of them as one JSON object. */
export function printFigures(figures: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(24)} ${JSON.stringify(value)}`);
  console.log(JSON.stringify(figures));
}

/** Runs a bench; what is wrong with the command line or the machine is one line and a failed command. */
export async function runBench(bench: () => Promise<void>): Promise<void> {
  try {
    await bench();
  } catch (error) {
    console.error(error instanceof AetheriusError ? error.message : error);
    process.exitCode = 1;
  }
}
