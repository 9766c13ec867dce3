import { loadEnvFile } from '../env-file.ts';
import { type Home, homeFolder, openHome } from '../home.ts';
import { readFileFlag } from './file-flag.ts';

type FileCommand = {
  flag: string;
  usage: string;
  run: (given: { file: string; home: Home; env: NodeJS.ProcessEnv }) => Promise<string>;
};

/** Runs a command that is about one file, as a program: 2 for wrong words, 1 for what did not work. */
export async function runFileCommand({ flag, usage, run }: FileCommand): Promise<void> {
  const read = readFileFlag(process.argv.slice(2), flag);
  const wrong = 'problem' in read ? `${read.problem}\n\n${usage}` : loadEnvFile();
  if (wrong !== undefined) {
    console.error(wrong);
    process.exitCode = 2;
    return;
  }
  if (!('file' in read)) return console.log(usage);
  try {
    console.log(await run({ file: read.file, home: openHome(homeFolder(process.env)), env: process.env }));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
