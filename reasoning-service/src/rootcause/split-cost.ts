/**
 * Cost of the first 1, 2, … values under their median: the sum of |x - median|. Two Fenwick trees over the ranks (counts
 * and sums; Fenwick 1994) give each in O(log n), so that every split of a series is known after O(n log n).
 */
export function prefixCosts(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
  const ranks = new Int32Array(values.length);
  for (const [rank, at] of order.entries()) ranks[at] = rank + 1;
  const tree = rankTree(values.length);
  let total = 0;
  return values.map((value, at) => {
    total += value;
    tree.add(ranks[at] ?? 0, value);
    const half = Math.floor((at + 1) / 2);
    const { below, next } = tree.smallest(half);
    const middle = (at + 1) % 2 === 1 ? (values[order[next] ?? 0] ?? 0) : 0;
    return Math.max(0, total - 2 * below - middle);
  });
}

type RankTree = {
  add: (rank: number, value: number) => void;
  /** Sum of the `count` smallest values, and the rank (from 0) of the one after them. */
  smallest: (count: number) => { below: number; next: number };
};

function rankTree(size: number): RankTree {
  const counts = new Int32Array(size + 1);
  const sums = new Float64Array(size + 1);
  const top = 2 ** Math.floor(Math.log2(Math.max(1, size)));
  return {
    add: (rank, value) => {
      for (let node = rank; node <= size; node += node & -node) {
        counts[node] = (counts[node] ?? 0) + 1;
        sums[node] = (sums[node] ?? 0) + value;
      }
    },
    smallest: (count) => {
      let left = count;
      let below = 0;
      let node = 0;
      for (let bit = top; bit >= 1; bit /= 2) {
        const next = node + bit;
        if (next > size || (counts[next] ?? 0) > left) continue;
        node = next;
        left -= counts[next] ?? 0;
        below += sums[next] ?? 0;
      }
      return { below, next: node };
    },
  };
}
