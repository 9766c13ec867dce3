const signals: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

const meanings: Record<number, string> = {
  126: 'its command cannot be executed',
  127: 'its command was not found',
  128: 'it could not be started',
};

/** An exit code in words: above 128 it is the number of the signal that ended the process, plus 128. */
export function exitInWords(code: number): string {
  const meaning = meanings[code];
  if (meaning !== undefined) return `exit code ${code} (${meaning})`;
  const signal = code > 128 ? signals[code - 128] : undefined;
  return signal === undefined ? `exit code ${code}` : `exit code ${code} (${signal})`;
}

/** How a program ended, to follow a verb; nothing where its exit code is not told. */
export const endInWords = (code: number | undefined): string =>
  code === undefined ? '' : ` with ${exitInWords(code)}`;

/** Illegal instruction, abort, bus error, division by zero, segmentation fault: by these a process ends for what it did itself. */
const ownFaults: ReadonlySet<number> = new Set([132, 134, 135, 136, 139]);
export const isOwnFault = (code: number): boolean => ownFaults.has(code);
