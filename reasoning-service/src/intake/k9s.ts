import { kindOfWord } from './kind-names.ts';

/** The frame of a list in k9s: what it lists, of which namespace, and how many. */
const title = /^\s*[┌┏╭╔][─━═ ]*\s?([A-Za-z][\w./-]{0,60})\(([a-z0-9-]{1,63})(?:\/[^)]{0,100})?\)\[\d{1,6}\]/;
const frame = /^\s*[┌┏╭╔└┗╰╚├┣][─━═]/;
const MOST_LETTERS = 1024 * 1024;

/** The screens of k9s in a text as the commands that would have printed them and the tables that they show. */
export function unframed(text: string): string {
  if (text.length > MOST_LETTERS || !/[│┃║]/.test(text)) return text;
  return text
    .split('\n')
    .flatMap((line) => {
      const [, word = '', space = ''] = title.exec(line) ?? [];
      if (kindOfWord(word) !== undefined)
        return [`$ kubectl get ${word.toLowerCase()} ${space === 'all' ? '-A' : `-n ${space}`} | k9s`];
      if (frame.test(line)) return [];
      // The arrow shows by what the table is sorted, the dot that nothing is forwarded.
      return [withinWalls(line).replace(/[↑↓●]/g, ' ')];
    })
    .join('\n');
}

/** A row without the walls to its left and right; what has none is no row. */
function withinWalls(line: string): string {
  const row = line.trim();
  return /^[│┃║]/.test(row) ? row.slice(1).replace(/[│┃║]$/, '') : line;
}
