/** What a scrape says of one family: the labels that its samples carry; undefined as long as it has no sample. */
export type Families = Map<string, Set<string> | undefined>;

const suffix = /_(?:bucket|sum|count)$/;

/** The families of a page in the Prometheus text format. */
export function familiesIn(page: string): Families {
  const families: Families = new Map();
  const histograms = new Set<string>();
  for (const line of page.split('\n')) {
    const [, declared, type] = /^# TYPE (\S+) (\S+)/.exec(line) ?? [];
    // Several services serve the same family, and not each has a sample of it.
    if (declared !== undefined) families.set(declared, families.get(declared));
    if (declared !== undefined && type === 'histogram') histograms.add(declared);
    const [, sampled = '', labels = ''] = /^([a-z_:][\w:]*)(?:\{(.*)\})? /i.exec(line) ?? [];
    const family = familyOf(sampled, histograms);
    if (families.has(family)) families.set(family, new Set([...(families.get(family) ?? []), ...labelsIn(labels)]));
  }
  return families;
}

const labelsIn = (labels: string): string[] => [...labels.matchAll(/([a-z_]\w*)="/gi)].map(([, label = '']) => label);

const familyOf = (series: string, histograms: ReadonlySet<string>): string => {
  const base = series.replace(suffix, '');
  return histograms.has(base) ? base : series;
};

type Use = { series: string; labels: readonly string[] };

/** What a scrape lacks for a use of a series; undefined when all is there. Of what may have no sample the labels are given. */
export function lackOf(use: Use, families: Families, quiet: Families = new Map()): string | undefined {
  const family = families.has(use.series) ? use.series : use.series.replace(suffix, '');
  if (!families.has(family)) return use.series;
  const labels = families.get(family) ?? quiet.get(family);
  if (labels === undefined) return `${use.series} without a sample`;
  const strange = use.labels.filter((label) => !labels.has(label));
  return strange.length === 0 ? undefined : `${use.series}{${strange.join()}}`;
}
