/** A part of an object in JSON, closed on both sides so that it can be parsed: `grep -A` and a mouse cut where they like. */
export function closed(text: string): string {
  const own = text.replace(/^--$/gm, '').trim().replace(/,$/, '');
  const { unopened, open, end } = bracketsIn(own);
  // A part begins with a key, so what is around it first is an object.
  const around = unopened.slice(1).reverse();
  const isWithin = unopened.length > 0 && own.slice(end).trim() !== '';
  const before = [...(isWithin ? ['}'] : []), ...around].map((one) => (one === '}' ? '{"above":' : '['));
  const after = open.reverse().map((one) => (one === '{' ? '}' : ']'));
  const last = isWithin || unopened.length === 0 ? '}' : '';
  return `${before.join('')}{${own}${after.join('')}${last}`;
}

/** A text in quotes, or a bracket outside of them. */
const signs = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs;

/** What a text closes without having opened it, in order and up to where, and what it leaves open. */
function bracketsIn(text: string): { unopened: string[]; open: string[]; end: number } {
  const found = { unopened: [] as string[], open: [] as string[], end: 0 };
  for (const { 0: sign, index } of text.matchAll(signs)) {
    if (sign === '{' || sign === '[') found.open.push(sign);
    else if ((sign === '}' || sign === ']') && found.open.pop() === undefined) {
      found.unopened.push(sign);
      found.end = index + 1;
    }
  }
  return found;
}

/** How many brackets outside of quotes are open at most. */
export function depthOf(text: string): number {
  let [open, deepest, isQuoted] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (sign === '\\') at += 1;
    else if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && '{['.includes(sign)) open += 1;
    else if (!isQuoted && '}]'.includes(sign)) open -= 1;
    deepest = Math.max(deepest, open);
  }
  return deepest;
}
