import { Gauge, type Registry } from 'prom-client';

/** What one reading finds; null where there is nothing to tell, which is not the same as zero. */
export type Figures<K extends string> = Record<K, number | null>;
type Needs<K extends string> = {
  metrics: Registry;
  /** Name and help text of each figure. */
  names: Record<K, readonly [name: string, help: string]>;
  read: () => Promise<Figures<K>>;
};

/** Gauges that are read at the moment of a scrape, all of them from one reading. */
export function exposeFigures<K extends string>({ metrics, names, read }: Needs<K>): void {
  let reading: Promise<Figures<K> | undefined> | undefined;
  const figures = () => {
    // Without the database there is no figure, but the rest of the scrape still has to come through.
    reading ??= read()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  for (const [key, [name, help]] of Object.entries(names) as [K, readonly [string, string]][])
    new Gauge({
      name,
      help,
      registers: [metrics],
      async collect() {
        const value = (await figures())?.[key] ?? null;
        // An unlabelled gauge begins at zero; removing its one value is what leaves it out.
        if (value === null) this.remove();
        else this.set(value);
      },
    });
}
