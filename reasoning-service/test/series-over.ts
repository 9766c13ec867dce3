import { edgeKind, metricKind } from '../src/rootcause/metric-kind.ts';
import type { EdgeSeries, Series } from '../src/rootcause/series.ts';

/** Makers of series and edges that share their times; the kind is told from the metric's name, as when they are read. */
export const seriesOver = (times: number[]) => ({
  series: (entity: string, metric: string, values: number[]): Series => ({
    ...{ entity, metric, kind: metricKind(metric), times, values },
  }),
  edge: (caller: string, callee: string, metric: string, values: number[]): EdgeSeries => ({
    ...{ caller, callee, metric, kind: edgeKind(metric), times, values },
  }),
});
