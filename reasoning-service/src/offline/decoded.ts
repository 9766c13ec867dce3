/** A file's bytes as text. PowerShell writes what it redirects in two bytes a letter, and says so in front. */
export function decoded(bytes: Buffer, encoding = encodingOf(bytes)): string {
  if (encoding === 'utf8') return bytes.toString('utf8');
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return (encoding === 'utf16be' ? Buffer.from(even).swap16() : even).toString('utf16le').replace(/^\uFEFF/, '');
}

export type Encoding = 'utf8' | 'utf16le' | 'utf16be';

/** What the mark in front says; without one it is UTF-8. */
export function encodingOf(bytes: Buffer): Encoding {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf16le';
  return first === 0xfe && second === 0xff ? 'utf16be' : 'utf8';
}
