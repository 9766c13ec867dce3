/** Uniform in [0,1); passed in, so that a forest can be grown again. */
export type Random = () => number;

/** A node is a split of one dimension or a leaf with the number of samples that ended in it. */
type Node = { feature: number; at: number; left: Node; right: Node } | { size: number };
export type IsolationForest = { trees: Node[]; sampleSize: number };

type Growing = { trees: number; sampleSize: number; random: Random };
type Sample = readonly number[];

/** Looked up once: growing a forest does little else. */
const { floor, log, log2 } = Math;
const EULER = 0.5772156649015329;

/** Average path length of an unsuccessful search in a binary tree of n samples: c(n) of Liu, Ting and Zhou 2008, equation 1. */
export function averagePath(n: number): number {
  if (n <= 1) return 0;
  return n === 2 ? 1 : 2 * (log(n - 1) + EULER) - (2 * (n - 1)) / n;
}

/** The first `count` of a Fisher-Yates shuffle: a sample without replacement. */
function drawn(samples: readonly Sample[], count: number, random: Random): Sample[] {
  const pool = [...samples];
  return Array.from({ length: count }, (_, at) => {
    const other = at + floor(random() * (pool.length - at));
    const taken = pool[other] ?? [];
    pool[other] = pool[at] ?? [];
    return taken;
  });
}

type Range = { feature: number; least: number; most: number };

function rangeOf(samples: readonly Sample[], feature: number): Range {
  let [least, most] = [samples[0]?.[feature] ?? 0, samples[0]?.[feature] ?? 0];
  for (const sample of samples) {
    const value = sample[feature] ?? 0;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { feature, least, most };
}

const rangesOf = (samples: readonly Sample[]): Range[] =>
  (samples[0] ?? []).map((_, feature) => rangeOf(samples, feature)).filter(({ least, most }) => most > least);

function grown(samples: readonly Sample[], depth: number, random: Random): Node {
  const ranges = depth > 0 && samples.length > 1 ? rangesOf(samples) : [];
  const range = ranges[floor(random() * ranges.length)];
  if (range === undefined) return { size: samples.length };
  const { feature, least, most } = range;
  const at = least + random() * (most - least);
  const goesLeft = (sample: Sample) => (sample[feature] ?? 0) <= at;
  return {
    feature,
    at,
    left: grown(samples.filter(goesLeft), depth - 1, random),
    right: grown(
      samples.filter((sample) => !goesLeft(sample)),
      depth - 1,
      random,
    ),
  };
}

/** Grows a forest over samples of equal width (Liu, Ting and Zhou 2008, algorithms 1 and 2). */
export function growForest(samples: readonly Sample[], { trees, sampleSize, random }: Growing): IsolationForest {
  const size = Math.min(sampleSize, samples.length);
  const depth = Math.ceil(log2(Math.max(2, size)));
  return {
    trees: Array.from({ length: trees }, () => grown(drawn(samples, size, random), depth, random)),
    sampleSize: size,
  };
}

function pathLength(tree: Node, sample: Sample): number {
  let [node, length] = [tree, 0];
  while (!('size' in node)) {
    node = (sample[node.feature] ?? 0) <= node.at ? node.left : node.right;
    length += 1;
  }
  return length + averagePath(node.size);
}

/** 2^(−mean path / c(ψ)): near 1 for what is isolated early, below 0.5 for what is ordinary (equation 2). */
export function isolationScore({ trees, sampleSize }: IsolationForest, sample: Sample): number {
  const mean = trees.reduce((sum, tree) => sum + pathLength(tree, sample), 0) / trees.length;
  return 2 ** (-mean / (averagePath(sampleSize) || 1));
}
