/** Turns raw log lines into templates, learning as it reads. */
export type Templates = {
  /** Template of a line; parts that vary are `<*>`. The same kind of line gets the same id, even as its template widens. */
  learn: (line: string) => number;
  /** Text of a template as it is known by now. */
  text: (id: number) => string;
};

type Cluster = { id: number; words: string[] };
type Leaf = { clusters: Cluster[] };

const WILD = '<*>';
/** Share of equal words from which two lines are the same template; the value its authors recommend. */
const SIMILAR = 0.4;
const MOST_WORDS = 60;
const MOST_CHARACTERS = 1000;
/** Upper bound of what is kept, so that a log without any pattern cannot fill the memory. */
const MOST_CLUSTERS = 5000;
const REST = -1;

/** What is certain to vary: times, addresses, ids, hex, numbers with their unit. */
const varies: readonly RegExp[] = [
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)?/g,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
  /\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g,
  /\b0x[0-9a-f]+\b/gi,
  /\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b/gi,
  /(?<![A-Za-z_])[-+]?\d+(?:[.:,]\d+)*(?:[a-zµ]{1,3}\b|%)?/g,
];

const wordsOf = (line: string): string[] =>
  varies
    .reduce((text, pattern) => text.replace(pattern, WILD), line.slice(0, MOST_CHARACTERS))
    .split(/[\s=]+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);

const similarity = (template: readonly string[], words: readonly string[]): number =>
  template.filter((word, at) => word === words[at]).length / Math.max(1, words.length);

/** The known template most like the words, when it is like enough. */
function nearest({ clusters }: Leaf, words: readonly string[]): Cluster | undefined {
  let best: Cluster | undefined;
  let most = SIMILAR;
  for (const cluster of clusters) {
    const like = similarity(cluster.words, words);
    if (like < most || (best !== undefined && like === most)) continue;
    best = cluster;
    most = like;
  }
  return best;
}

/**
 * Drain (He, Zhu, Zheng and Lyu, ICWS 2017): lines are grouped by their number of words and their first word, then joined
 * to the most similar template of the group, which loses the words that differ. One pass, bounded memory.
 */
export function createTemplates(): Templates {
  const leaves = new Map<string, Leaf>();
  const all: Cluster[] = [];
  const leafOf = (words: readonly string[]): Leaf => {
    const key = `${words.length} ${words[0] ?? ''}`;
    const leaf = leaves.get(key) ?? { clusters: [] };
    leaves.set(key, leaf);
    return leaf;
  };
  return {
    learn: (line) => {
      const words = wordsOf(line);
      const leaf = leafOf(words);
      const known = nearest(leaf, words);
      if (known !== undefined) {
        known.words = known.words.map((word, at) => (word === words[at] ? word : WILD));
        return known.id;
      }
      if (all.length >= MOST_CLUSTERS) return REST;
      const cluster = { id: all.length, words };
      all.push(cluster);
      leaf.clusters.push(cluster);
      return cluster.id;
    },
    text: (id) => all[id]?.words.join(' ') ?? WILD,
  };
}
