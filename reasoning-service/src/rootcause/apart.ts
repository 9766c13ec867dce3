import type { Observations } from './series.ts';

type Span = { name: string; from: number; to: number };

const time = (at: number): string => new Date(at).toISOString();
const told = ({ name, from, to }: Span): string => `${name} (${time(from)} to ${time(to)})`;

/** Where what was given falls into parts that no series spans, as files of different hours do, in words. */
export function apart({ series, edges }: Observations): string | undefined {
  const spans = [
    ...series.map(({ entity, metric, times }) => ({ name: `${entity}/${metric}`, times })),
    ...edges.map(({ caller, callee, metric, times }) => ({ name: `${caller} to ${callee} ${metric}`, times })),
  ].flatMap(({ name, times }): Span[] => {
    const [from, to] = [times[0], times.at(-1)];
    return from === undefined || to === undefined ? [] : [{ name, from, to }];
  });
  const [first, ...later] = spans.sort((a, b) => a.from - b.from);
  if (first === undefined) return undefined;
  let last = first;
  for (const span of later) {
    if (span.from > last.to)
      return `what was given lies at different times and cannot be compared: ${told(last)}, and ${told(span)}`;
    if (span.to > last.to) last = span;
  }
  return undefined;
}
