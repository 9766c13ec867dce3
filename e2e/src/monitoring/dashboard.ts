/** One curve or number: what is asked and how it is named in the legend. */
export type Query = { expr: string; legend?: string };
export type Panel = { title: string; unit?: string; kind?: 'timeseries' | 'stat'; width?: number; queries: Query[] };
export type Row = { title: string; panels: Panel[] };
export type Dashboard = { name: string; title: string; rows: Row[] };

const COLUMNS = 24;
const HEIGHT = 8;
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana puts the chosen data source there.
const datasource = { type: 'prometheus', uid: '${datasource}' };

/** One curve for each value of a label. */
export const by = (label: string, expr: string): Query => ({ expr, legend: `{{${label}}}` });

/** What happens in a second, summed by a label. */
export const rateBy = (label: string, series: string): Query =>
  by(label, `sum by (${label}) (rate(${series}[$__rate_interval]))`);

/** Median and 95th percentile of a histogram. */
export const quantiles = (histogram: string, selector = ''): Query[] =>
  [0.5, 0.95].map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (le) (rate(${histogram}_bucket${selector}[$__rate_interval])))`,
    legend: `${quantile * 100} %`,
  }));

/** Every expression that a dashboard asks. */
export const expressionsOf = ({ rows }: Dashboard): string[] =>
  rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => expr)));

/** The dashboard as Grafana reads it; ids and places follow from the order, so that a change shows as one. */
export function grafana({ name, title, rows }: Dashboard): object {
  return {
    title,
    uid: `aetherius-${name}`,
    tags: ['aetherius'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    timezone: 'browser',
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }] },
    panels: placed(rows).map((panel, index) => ({ id: index + 1, ...panel })),
  };
}

function placed(rows: readonly Row[]): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    panels.push({
      type: 'row',
      title: row.title,
      collapsed: false,
      panels: [],
      gridPos: { h: 1, w: COLUMNS, x: 0, y },
    });
    y += 1;
    let x = 0;
    for (const panel of row.panels) {
      const w = panel.width ?? 8;
      if (x + w > COLUMNS) {
        x = 0;
        y += HEIGHT;
      }
      panels.push(drawn(panel, { h: HEIGHT, w, x, y }));
      x += w;
    }
    y += HEIGHT;
  }
  return panels;
}

const drawn = ({ title, unit = 'short', kind = 'timeseries', queries }: Panel, gridPos: object) => ({
  type: kind,
  title,
  datasource,
  gridPos,
  fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
  options: kind === 'stat' ? { colorMode: 'none', reduceOptions: { calcs: ['lastNotNull'] } } : {},
  targets: queries.map(({ expr, legend }, index) => ({
    refId: String.fromCharCode(65 + index),
    datasource,
    expr,
    ...(legend === undefined ? {} : { legendFormat: legend }),
  })),
});
