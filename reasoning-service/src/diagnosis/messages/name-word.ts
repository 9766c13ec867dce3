/** A name as a word of its own: `cart` is not in `cartridge`. */
export function hasName(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const around = [text[at - 1] ?? ' ', text[at + name.length] ?? ' '];
    if (name !== '' && around.every((letter) => !/[A-Za-z0-9]/.test(letter))) return true;
  }
  return false;
}
