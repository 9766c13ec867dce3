import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '@aetherius/shared/errors';

const sources = {
  nab: 'https://github.com/numenta/NAB',
  petshop: 'https://github.com/amazon-science/petshop-root-cause-analysis',
} as const;

/** The folder of a public data set, in the one of `--data` or in `AETHERIUS_DATA`. */
export function dataFolder(name: keyof typeof sources, data = process.env['AETHERIUS_DATA']): string {
  const folder = data === undefined ? undefined : join(data, name);
  if (folder !== undefined && existsSync(folder)) return folder;
  const way_out = `git clone ${sources[name]} FOLDER/${name}, and --data FOLDER or AETHERIUS_DATA=FOLDER`;
  throw errors.invalid_input({ '--data': folder === undefined ? 'is missing' : `there is no ${folder}`, way_out });
}
