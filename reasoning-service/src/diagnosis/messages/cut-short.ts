/** The last blank, unless what follows is longer than any word. */
const lastBlank = /\s\S{0,60}$/;

/** A text of so many letters at most, cut between two words and marked where it was. */
export function cutShort(text: string, most: number): string {
  if (text.length <= most) return text;
  const front = text.slice(0, most);
  const isBetween = /\s/.test(text.charAt(most));
  const end = isBetween ? most : front.search(lastBlank);
  return `${(end < 0 ? front : front.slice(0, end)).trimEnd()} …`;
}
