/** Words of a metric name in lower case: `containerCpu_p95(%)` is container, cpu, p, 95, %. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z]+|\d+|%/g) ?? [];
