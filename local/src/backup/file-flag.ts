import { parseArgs } from 'node:util';

/** The one file that a command is about, a wish for help, or what is wrong with the words. */
export function readFileFlag(
  args: readonly string[],
  flag: string,
): { file: string } | { help: true } | { problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { [flag]: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values['help'] === true) return { help: true };
    const file = values[flag];
    return typeof file === 'string' && file.trim() !== '' ? { file } : { problem: `--${flag} FILE is missing` };
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}
