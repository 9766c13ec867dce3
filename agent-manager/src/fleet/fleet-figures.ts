import type { Agent } from './fleet.ts';

/** So many versions have a name of their own; agents name themselves, so the rest is counted together. */
const MOST_VERSIONS = 10;
const plainVersion = /^v?\d+\.\d+\.\d+(-[\w.]{1,20})?$/;

/** How many agents have which version: the most common ones, then `other` and `unknown`. */
export function versionsOf(agents: readonly Pick<Agent, 'version'>[]): [version: string, count: number][] {
  const counts = new Map<string, number>();
  const add = (version: string, count: number) => counts.set(version, (counts.get(version) ?? 0) + count);
  for (const { version } of agents) add(nameOf(version), 1);
  const named = [...counts].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
  const kept = named.slice(0, MOST_VERSIONS);
  const rest = named.slice(MOST_VERSIONS).reduce((sum, [, count]) => sum + count, 0);
  return rest === 0 ? kept : [...kept.filter(([name]) => name !== 'other'), ['other', rest + otherIn(kept)]];
}

const otherIn = (kept: readonly [string, number][]): number => kept.find(([name]) => name === 'other')?.[1] ?? 0;

function nameOf(version: string | null): string {
  if (version === null) return 'unknown';
  return plainVersion.test(version) ? version : 'other';
}

const ages: readonly [name: string, seconds: number][] = [
  ['30s', 30],
  ['5m', 300],
  ['1h', 3_600],
  ['1d', 86_400],
  ['older', Number.POSITIVE_INFINITY],
];

/** How many agents were heard last within which age; each agent counts once, under the least that holds. */
export function agesOf(agents: readonly Pick<Agent, 'last_seen_at'>[], now: Date): [age: string, count: number][] {
  const of = ({ last_seen_at }: Pick<Agent, 'last_seen_at'>): string => {
    if (last_seen_at === null) return 'never';
    const seconds = (now.getTime() - Date.parse(last_seen_at)) / 1000;
    return ages.find(([, most]) => seconds <= most)?.[0] ?? 'older';
  };
  const found = agents.map(of);
  return [...ages.map(([name]) => name), 'never'].map((age) => [age, found.filter((one) => one === age).length]);
}
