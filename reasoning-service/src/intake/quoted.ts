/** A line of mail or of a chat that quotes another. */
const mark = /^ {0,3}>(?: |$)/;
/** Where a description begins that somebody moved to the right, as code in Markdown is. */
const moved = /^( {2,12}|\t)Name: +\S/;

const isBlank = (line: string): boolean => line.trim() === '';

/** Without the marks of quotes, where most of the lines have one. */
function withoutMarks(lines: readonly string[]): readonly string[] {
  const told = lines.filter((line) => !isBlank(line));
  const isQuoted = told.filter((line) => mark.test(line)).length > told.length / 2;
  return isQuoted ? lines.map((line) => line.replace(mark, '')) : lines;
}

/** Descriptions that were moved to the right, moved back: each from its name on to the first line that stands further left. */
function movedBack(lines: readonly string[]): string[] {
  let by = '';
  return lines.map((line, at) => {
    const start = by === '' && isBlank(lines[at - 1] ?? '') ? moved.exec(line)?.[1] : undefined;
    if (start !== undefined) by = start;
    else if (!isBlank(line) && !line.startsWith(by)) by = '';
    return line.slice(isBlank(line) ? line.length : by.length);
  });
}

/** Text as it was before somebody quoted or indented it; any other text as it is. */
export function unquoted(text: string): string {
  const isMarked = /^ {0,3}>/m.test(text);
  const isMoved = /^(?: {2,12}|\t)Name: +\S/m.test(text);
  if (!isMarked && !isMoved) return text;
  return movedBack(withoutMarks(text.split('\n'))).join('\n');
}
