import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const sources = {
  nab: 'git clone https://github.com/numenta/NAB <folder>/nab',
  petshop: 'git clone https://github.com/amazon-science/petshop-root-cause-analysis <folder>/petshop',
} as const;

/** The folder of a public data set under `--data DIR` or `AETHERIUS_DATA`; ends the bench with advice when it is not there. */
export function dataFolder(name: keyof typeof sources): string {
  const { data = process.env['AETHERIUS_DATA'] } = parseArgs({ options: { data: { type: 'string' } } }).values;
  const folder = data === undefined ? undefined : join(data, name);
  if (folder !== undefined && existsSync(folder)) return folder;
  process.stderr.write(
    `${folder === undefined ? 'No data folder was named' : `There is no ${folder}`}. Get the data with\n  ${sources[name]}\nand pass --data <folder> or set AETHERIUS_DATA.\n`,
  );
  return process.exit(2);
}
