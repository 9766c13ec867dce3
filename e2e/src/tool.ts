import { run } from './run.ts';

// Behind the first link of every command, so a program of node_modules also runs on a fresh clone.
const [program, ...args] = process.argv.slice(2);
if (program === undefined) {
  console.error('usage: tool.ts <program of node_modules/.bin> [arguments]');
  process.exit(2);
}
process.exitCode = (await run(program, args)).code;
