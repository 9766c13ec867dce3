import { shapedRow } from './row-shapes.ts';

/** Mount helpers are quoted with what they were told, what they answered, and over how many lines that goes. */
const ofMount = /^(?:Mounting (?:command|arguments)|Output): ?/;
const answer = /^Output: ?/;
/** What stands below a table that is none of its cells: a prompt, or what was typed behind it. */
const prompt = /^\S{0,60}[$#>%] |^(?:kubectl|oc|k) /;
/** So many gaps part the cells of a row. */
const cells = /\S(?: {2,}|\t).*\S(?: {2,}|\t).*\S(?: {2,}|\t)\S/;
/** Nearer to the front of a row stand its own cells. */
const LEAST_INDENT = 12;

const indentOf = (line: string): number => line.length - line.trimStart().length;

/**
 * Rows of events whose messages have several lines, each put together again: the lines that `kubectl` indents to the column of the
 * message, and those that stand at the front as they are in the message.
 */
export function withWholeMessages(header: string, lines: readonly string[]): string[] {
  const least = Math.max(LEAST_INDENT, indentOf(header) + LEAST_INDENT);
  const found: string[] = [];
  let isAnswer = false;
  for (const line of lines) {
    const isMore: boolean = isAnswer && line.trim() !== '' && !prompt.test(line) && !cells.test(line);
    const goesOn: boolean = shapedRow(line) === undefined && (indentOf(line) >= least || ofMount.test(line) || isMore);
    if (goesOn && found.length > 0) found.splice(-1, 1, `${found.at(-1)}\n${line.trim()}`);
    else found.push(line);
    isAnswer = goesOn && (isAnswer || answer.test(line.trim()));
  }
  return found;
}
