import { type Document, isNode, isScalar, visit } from 'yaml';

const MERGE = '<<';

/** The first key that stands twice in one mapping. The parser's own check compares every key with every other, which a large mapping turns into minutes. */
export function repeatedKey(document: Pick<Document, 'contents'>): string | undefined {
  let found: string | undefined;
  if (!isNode(document.contents)) return undefined;
  visit(document.contents, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (name !== MERGE && seen.has(name)) {
          found = String(name);
          return visit.BREAK;
        }
        seen.add(name);
      }
      return undefined;
    },
  });
  return found;
}
