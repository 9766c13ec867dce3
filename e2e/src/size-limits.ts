import { readFileSync } from 'node:fs';

const MAX_FILE_LINES = 350;
const MAX_FUNCTION_LINES = 60;

/** A function's first line ends with an opening brace; its last line is the closing brace at the same indentation. */
const opensFunction =
  /^(\s*)(?:export )?(?:async )?(?:function\b.*|(?:const|let) \w+.*=>|\w+: (?:async )?\(.*=>|(?:async )?\w+\(.*\).*) \{$/;
/** Not functions in the sense of the rule: blocks of control, and the blocks that group tests. */
const control = /^\s*(if|for|while|switch|do|try|else|catch|describe|needs)\b/;

export type Oversize = { file: string; line: number; what: string };

/** Files and functions that are longer than the house allows; describe blocks of tests are no functions. */
export function oversized(file: string, text = readFileSync(file, 'utf8')): Oversize[] {
  const lines = text.split('\n');
  const found: Oversize[] =
    lines.length > MAX_FILE_LINES + 1
      ? [{ file, line: 1, what: `${lines.length - 1} lines, at most ${MAX_FILE_LINES}` }]
      : [];
  lines.forEach((line, index) => {
    const indent = control.test(line) ? undefined : opensFunction.exec(line)?.[1];
    if (indent === undefined) return;
    const end = lines.findIndex((candidate, at) => at > index && candidate.startsWith(`${indent}}`));
    const length = end - index + 1;
    if (end !== -1 && length > MAX_FUNCTION_LINES)
      found.push({ file, line: index + 1, what: `a function of ${length} lines, at most ${MAX_FUNCTION_LINES}` });
  });
  return found;
}
