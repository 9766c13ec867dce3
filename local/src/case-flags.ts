import { parseArgs } from 'node:util';

export const usage = `usage: npm run cases -- --export FILE | --import FILE [options]

Writes every case that the control plane knows into a new file, or gives it the cases of such a file.
What is there and later stays as it is. Importing needs an administrator's token.

  --url URL          the reasoning service (http://127.0.0.1 and REASONING_PORT)
  --token-file FILE  a file with an access token (the one that "npm start" keeps while it runs)
  --help             this text`;

/** What to do with which file, and where the control plane is; what is not given is found on this machine. */
export type CaseFlags = {
  way: 'export' | 'import';
  file: string;
  url?: string | undefined;
  tokenFile?: string | undefined;
};

/** The words of the command line, or what is wrong with them. */
export function readCaseFlags(args: readonly string[]): CaseFlags | { help: true } | { problem: string } {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { export: text, import: text, url: text, 'token-file': text, help: { type: 'boolean' } },
    });
    if (values.help === true) return { help: true };
    const given = (['export', 'import'] as const).flatMap((way) => {
      const file = values[way]?.trim();
      return file === undefined ? [] : [{ way, file }];
    });
    const [first, second] = given;
    if (first === undefined || first.file === '') return { problem: '--export FILE or --import FILE is missing' };
    if (second !== undefined) return { problem: '--export and --import do not go together' };
    return { ...first, url: values.url, tokenFile: values['token-file'] };
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}
