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

/** What a text closes without having opened it, in order and up to where, and what it leaves open. */
function bracketsIn(text: string): { unopened: string[]; open: string[]; end: number } {
  const found = { unopened: [] as string[], open: [] as string[], end: 0 };
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (isQuoted && sign === '\\') at += 1;
    else if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (sign === '{' || sign === '[')) found.open.push(sign);
    else if (!isQuoted && (sign === '}' || sign === ']') && found.open.pop() === undefined) {
      found.unopened.push(sign);
      found.end = at + 1;
    }
  }
  return found;
}
