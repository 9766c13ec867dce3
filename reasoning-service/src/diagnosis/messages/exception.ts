import type { Statement } from './log-line.ts';
import { createFrames } from './stack-frame.ts';

/** A line that begins with the class of what was raised, with or without words of its own. */
const raised = /^(?:[A-Za-z_$][\w$]{0,60}(?:\.|::|\\)){0,8}(?:[A-Z]\w{0,80})?(?:Error|Exception)(?:: |:?$)/;

/** The last line of a program on a command line, which says less of what its log has said in full. */
const isEcho = ({ line }: Statement, head: Statement): boolean => {
  const said = /^Error: (\S.*)$/.exec(line)?.[1];
  return said !== undefined && head.text.includes(said);
};

/** What was raised where a program only tells that something failed: it stands in a line of its own right below. */
export function raisedBelow(head: Statement, statements: readonly Statement[]): Statement | undefined {
  if (head.body.length > 0 || raised.test(head.line)) return undefined;
  const below = statements[statements.indexOf(head) + 1];
  return below !== undefined && raised.test(below.line) && !isEcho(below, head) ? below : undefined;
}

/** How Python writes where it happened, right before what was raised. */
const place = /^\s+File "/;
/** The line of the source and its marks stand between both. */
const BETWEEN = 3;

/** The line in which something was raised with the frame next to it, as they stand in the log. */
export function withFrame({ line }: Statement, lines: readonly string[]): string {
  const at = lines.indexOf(line);
  const next = lines[at + 1];
  if (next !== undefined && createFrames()(next)) return `${line}\n${next}`;
  const from = lines.findLastIndex((one, index) => index < at && index >= at - BETWEEN && place.test(one));
  return at < 0 || from < 0 ? line : lines.slice(from, at + 1).join('\n');
}
