/** What a scrape says of one family: the labels that its samples carry; none as long as it has no sample. */
export type Families = Map<string, Set<string>>;

const suffix = /_(?:bucket|sum|count)$/;

/** The families of a page in the Prometheus text format. */
export function familiesIn(page: string): Families {
  const families: Families = new Map();
  const histograms = new Set<string>();
  for (const line of page.split('\n')) {
    const [, declared, type] = /^# TYPE (\S+) (\S+)/.exec(line) ?? [];
    if (declared !== undefined) families.set(declared, new Set());
    if (declared !== undefined && type === 'histogram') histograms.add(declared);
    const [, sampled = '', labels = ''] = /^([a-z_:][\w:]*)(?:\{(.*)\})? /i.exec(line) ?? [];
    const family = familyOf(sampled, histograms);
    for (const [, label = ''] of labels.matchAll(/([a-z_]\w*)="/gi)) families.get(family)?.add(label);
  }
  return families;
}

const familyOf = (series: string, histograms: ReadonlySet<string>): string => {
  const base = series.replace(suffix, '');
  return histograms.has(base) ? base : series;
};

/** What a scrape lacks for a use of a series; undefined when all is there. */
export function lackOf(use: { series: string; labels: readonly string[] }, families: Families): string | undefined {
  const labels = families.get(use.series) ?? families.get(use.series.replace(suffix, ''));
  if (labels === undefined) return use.series;
  // Without a sample nothing can be said of labels.
  const strange = labels.size === 0 ? [] : use.labels.filter((label) => !labels.has(label));
  return strange.length === 0 ? undefined : `${use.series}{${strange.join()}}`;
}
