import { AetheriusError } from '../errors/index.ts';

const UNUSABLE = 2;

export type CommandLine<T> = {
  usage: string;
  readOptions(args: readonly string[]): { options: T } | { problem: string };
  /** What goes to the standard output. */
  answer(options: T): string | Promise<string>;
  /** The words for an error that is the input's fault; undefined for a bug. Foreseen errors speak for themselves. */
  explain?(error: unknown, options: T): string | undefined;
};

/** Runs a command of one answer and gives its exit code: 0 with an answer, 2 when its words or its input do not allow one. */
export async function runCommand<T extends { help: boolean }>(
  args: readonly string[],
  { usage, readOptions, answer, explain }: CommandLine<T>,
): Promise<number> {
  const read = readOptions(args);
  if ('problem' in read) return refuse(`${read.problem}\n\n${usage}`);
  try {
    process.stdout.write(read.options.help ? usage : await answer(read.options));
    return 0;
  } catch (error) {
    const words = error instanceof AetheriusError ? error.message : explain?.(error, read.options);
    if (words === undefined) throw error;
    return refuse(`${words.trimEnd()}\n`);
  }
}

/** An error may quote a file that is not for a terminal: whatever would steer one is left out. */
const steering = /[^\P{Cc}\n\t]/gu;

function refuse(words: string): number {
  process.stderr.write(words.replace(steering, '\ufffd'));
  return UNUSABLE;
}
