import { halvesOf } from './incident-halves.ts';
import { type Incident, readIncidents } from './incident-library.ts';

/** Where incidents come from, as their sources begin, and what that is called. */
const origins: readonly (readonly [start: RegExp, title: string])[] = [
  [/^recorded from a real control plane.* as kubectl /, 'recorded from a real control plane, as kubectl shows it'],
  [/^recorded from a real control plane/, 'recorded from a real control plane, kubelet and containerd'],
  [/^recorded from the simulator/, 'recorded from the simulator'],
  [/^written for this project/, 'written by hand after the wording of the real components'],
];

/** The number of incidents by where they come from, as a table of Markdown. */
function sourceTable(incidents: readonly Incident[]): string {
  const rows = origins.map(([start, title], index) => {
    const earlier = origins.slice(0, index).map(([one]) => one);
    const own = incidents.filter(({ source }) => start.test(source) && !earlier.some((one) => one.test(source)));
    return [title, own] as const;
  });
  const known = new Set(rows.flatMap(([, own]) => own));
  const rest = incidents.filter((one) => !known.has(one));
  if (rest.length > 0) throw new Error(`${rest[0]?.name}: its source says nothing that is known: ${rest[0]?.source}`);
  const halves = halvesOf(incidents);
  const line = (title: string, own: readonly Incident[]) => {
    const tests = own.filter(({ name }) => halves.get(name) === 'test').length;
    return `| ${title} | ${own.length} | ${own.length - tests} | ${tests} |\n`;
  };
  const head = '| source | incidents | to tune | for testing only |\n| --- | ---: | ---: | ---: |\n';
  return `${head}${rows.map(([title, own]) => line(title, own)).join('')}${line('all', incidents)}`;
}

process.stdout.write(sourceTable(readIncidents()));
