import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { benchmarkPage, figuresOf, type Recorded, Records } from './benchmark-report.ts';
import { root, run } from './run.ts';
import { withSizing } from './sizing.ts';

const RECORDS = 'docs/benchmarks.json';
const PAGE = 'docs/benchmarks.md';
const OPERATIONS = 'docs/operations.md';
const GIB = 1024 ** 3;

const readJson = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

const product = z
  .object({ version: z.string(), scripts: z.record(z.string(), z.string()) })
  .parse(readJson('package.json'));
const benches = Object.keys(product.scripts).filter((name) => name.startsWith('bench:'));

/** The commit that is measured; what is not committed yet is said, except for the records themselves. */
const commit = (): string => {
  const changed =
    git('status', '--porcelain', '--', '.', ...[RECORDS, PAGE, OPERATIONS].map((file) => `:!${file}`)) !== '';
  return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with uncommitted changes' : ''}`;
};

const measured = (): Omit<Recorded, 'figures'> => ({
  commit: commit(),
  at: new Date().toISOString(),
  machine: `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / GIB)} GiB`,
  versions: `aetherius ${product.version}, node ${process.version}`,
});

/** Each record is written at once: a later bench that fails takes nothing from those that did not. */
function record(name: string, entry: Recorded): void {
  const records = existsSync(join(root, RECORDS)) ? Records.parse(readJson(RECORDS)) : {};
  const all = Object.fromEntries(
    Object.entries({ ...records, [name]: entry }).filter(([one]) => benches.includes(one)),
  );
  writeFileSync(join(root, RECORDS), `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(join(root, PAGE), benchmarkPage(all));
  writeFileSync(join(root, OPERATIONS), withSizing(readFileSync(join(root, OPERATIONS), 'utf8'), all));
}

async function measure(name: string, { data, own }: { data: string | undefined; own: string[] }): Promise<boolean> {
  console.log(`\n== ${name}`);
  const before = measured();
  const { code, output } = await run(
    'npm',
    ['run', '--silent', name, '--', ...own],
    data === undefined ? {} : { AETHERIUS_DATA: data },
  );
  const figures = code === 0 ? figuresOf(output) : undefined;
  if (figures !== undefined) record(name, { ...before, figures });
  return figures !== undefined;
}

// npm takes the first `--` for itself; what stands behind the second one is for the benches.
const words = process.argv.slice(2);
const [mine, own] = words.includes('--')
  ? [words.slice(0, words.indexOf('--')), words.slice(words.indexOf('--') + 1)]
  : [words, []];
const usage = `usage: npm run bench -- [NAME…] [--data FOLDER] [-- FLAGS]

Measures the benches of these names, or all, and writes what they found into ${PAGE}.
There are ${benches.map((name) => name.slice('bench:'.length)).join(', ')}; FLAGS go to each of them.
`;

function readWords() {
  try {
    const options = { data: { type: 'string' }, help: { type: 'boolean' } } as const;
    return parseArgs({ args: mine, options, allowPositionals: true });
  } catch (error) {
    console.error(`${(error as Error).message.split('\n')[0]}\n\n${usage}`);
    return process.exit(2);
  }
}

const { values, positionals } = readWords();
if (values.help === true) {
  console.log(usage);
  process.exit(0);
}
const wanted = positionals.length === 0 ? benches : positionals.map((name) => `bench:${name}`);
const unknown = wanted.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  console.error(`there is no ${unknown.join(', ')}; there are ${benches.join(', ')}`);
  process.exit(2);
}
const failed: string[] = [];
for (const name of wanted) if (!(await measure(name, { data: values.data, own }))) failed.push(name);
for (const name of failed) console.error(`${name} gave no figures; its last record, if any, stays in ${PAGE}`);
process.exitCode = failed.length === 0 ? 0 : 1;
