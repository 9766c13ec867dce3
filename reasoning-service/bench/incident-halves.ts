import { createHash } from 'node:crypto';

export type Half = 'tune' | 'test';
type Drawn = { name: string; source: string; expected: { category: string } };

/** How a source names the fault that was recorded: an entry of the library, a manifest, a scenario of the simulator. */
const entry = /\((?:e2e\/cluster\/library\/[\w-]+\.yaml, |e2e\/cluster\/faults\/|the fault |its scenario )([\w-]+)/;

/** The fault that an incident shows. One fault is recorded in several texts and at several moments; what was written by hand is a fault of its own. */
export const faultOf = ({ name, source }: Pick<Drawn, 'name' | 'source'>): string =>
  (entry.exec(source)?.[1] ?? name).replaceAll('_', '-');

/** A number from 0 to 1 that nobody chooses. */
const lotOf = (fault: string): number => createHash('sha256').update(fault).digest().readUInt32BE() / 2 ** 32;

/**
 * The half of each incident, by name. A fault goes with everything that shows it to the half that its lot says, below a half to tune and
 * above it to test, save that of each category the least lot is always to tune and the greatest always to test.
 */
export function halvesOf(incidents: readonly Drawn[]): ReadonlyMap<string, Half> {
  const kept = new Map<string, Half>();
  for (const own of Map.groupBy(incidents, ({ expected }) => expected.category).values()) {
    const faults = [...new Set(own.map(faultOf))].sort((a, b) => lotOf(a) - lotOf(b));
    const [least, greatest] = [faults.at(0), faults.at(-1)];
    if (least === undefined || greatest === undefined || least === greatest) continue;
    kept.set(least, 'tune').set(greatest, 'test');
  }
  const halfOf = (fault: string): Half => kept.get(fault) ?? (lotOf(fault) < 0.5 ? 'tune' : 'test');
  return new Map(incidents.map((one) => [one.name, halfOf(faultOf(one))]));
}
