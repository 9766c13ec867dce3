import { metricKind, metricWords } from './metric-kind.ts';
import { wordsOf } from './words.ts';

export type Column = { entity: string; metric: string };

const known = (metric: string): boolean => metricKind(metric) !== 'other';
const onlyMetricWords = (metric: string): boolean =>
  wordsOf(metric).every((word) => metricWords.has(word) || /^\d+$/.test(word));

const cuts = (header: string): Column[] =>
  [...header.matchAll(/_+|(?<=.)\./g)]
    .map(({ index, 0: separator }) => ({
      entity: header.slice(0, index),
      metric: header.slice(index + separator.length),
    }))
    .filter(({ entity, metric }) => entity !== '' && metric !== '');

/**
 * Entity and metric of a wide column. `<entity>/<metric>` is exact (the last slash counts, names may hold slashes);
 * `<entity>_<metric>` is cut where all that follows are words of metrics, else where a word of a known kind follows.
 */
export function columnOf(header: string): Column | undefined {
  const slash = header.lastIndexOf('/');
  if (slash > 0 && slash < header.length - 1)
    return { entity: header.slice(0, slash), metric: header.slice(slash + 1) };
  const candidates = cuts(header).filter(({ metric }) => known(metric));
  return candidates.find(({ metric }) => onlyMetricWords(metric)) ?? candidates.at(-1);
}
