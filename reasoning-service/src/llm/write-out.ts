import type { Held } from './hold-to-evidence.ts';

/** The text that a person reads: the first statement as a paragraph, the others as a list, each with its evidence. */
export function writeOut(claims: Held['claims'], reveal: (text: string) => string): string {
  const [first, ...rest] = claims.map(
    ({ statement, evidence }) => `${reveal(withoutNumbers(statement))} [${evidence.join(', ')}]`,
  );
  return [first, rest.map((line) => `- ${line}`).join('\n')]
    .filter((part) => part !== undefined && part !== '')
    .join('\n\n');
}

/** Numbers of the prompt mean nothing to a reader; the bundle's ids stand behind each statement. */
const withoutNumbers = (statement: string): string => statement.replaceAll(/\s*\[E\d+(?:,\s*E\d+)*\]/g, '');
