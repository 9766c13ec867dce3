import type { Incident, Subject } from '@aetherius/shared/contracts';

/** What a scenario's file says is right. */
export type Expected = {
  category: string;
  subject: Subject;
  outcome: 'verified' | 'escalated';
  action: string | null;
};

export type Verdict = {
  scenario: string;
  detected: boolean;
  explained: boolean;
  repaired: boolean;
  verified: boolean;
  /** Kept from doing more harm, with a person to mend the cause: a cordoned node. */
  contained: boolean;
  escalated: boolean;
  finished: boolean;
  problems: string[];
};

const same = (a: Subject, b: Subject): boolean => a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
const isOver = ({ state }: Incident): boolean => state === 'resolved' || state === 'escalated';

/** The episodes of the incident that a scenario is about, the latest first. */
const episodesOf = (expected: Expected, incidents: readonly Incident[]): Incident[] =>
  incidents.filter((incident) => same(incident.subject, expected.subject)).sort((a, b) => b.episode - a.episode);

function problemsOf(expected: Expected, incident: Incident): string[] {
  const held = expected.outcome === 'verified' ? 'verified' : expected.action === null ? 'not_repaired' : 'contained';
  const facts: [string, string | null, string | null][] = [
    ['category', expected.category, incident.diagnosis?.category ?? null],
    ['action', expected.action, incident.action],
    ['outcome', held, incident.outcome],
    ['state', expected.outcome === 'verified' ? 'resolved' : 'escalated', incident.state],
  ];
  return facts
    .filter(([, wanted, got]) => wanted !== got)
    .map(([what, wanted, got]) => `${what} is ${got}, expected ${wanted}`);
}

const unseen: Omit<Verdict, 'scenario'> = {
  detected: false,
  explained: false,
  repaired: false,
  verified: false,
  contained: false,
  escalated: false,
  finished: false,
  problems: ['not detected'],
};

/** Compares what became of a fault with what its file says is right. */
export function judge(scenario: string, expected: Expected, incidents: readonly Incident[]): Verdict {
  const episodes = episodesOf(expected, incidents);
  const [latest] = episodes;
  if (latest === undefined) return { ...unseen, scenario };
  const isVerified = latest.outcome === 'verified';
  return {
    scenario,
    detected: true,
    explained: latest.diagnosis?.category === expected.category && latest.diagnosis.status === 'answered',
    repaired: latest.action !== null && isVerified,
    verified: isVerified,
    contained: latest.outcome === 'contained',
    escalated: latest.state === 'escalated',
    finished: isOver(latest),
    problems: episodes.flatMap((episode) => problemsOf(expected, episode)),
  };
}

/** Those that were opened at this time or later. */
export const openedSince = (since: Date, incidents: readonly Incident[]): Incident[] =>
  incidents.filter(({ opened_at }) => Date.parse(opened_at) >= since.getTime());

/** Incidents that no scenario asked for: false alarms. */
export const strays = (expectations: readonly Expected[], incidents: readonly Incident[]): Incident[] =>
  incidents.filter((incident) => !expectations.some((expected) => same(expected.subject, incident.subject)));

/** The figures of the last line. */
export function summary(
  verdicts: readonly Verdict[],
  strayIncidents: readonly Incident[],
  times: { first_verified: number | null; total: number },
) {
  const count = (key: 'detected' | 'explained' | 'repaired' | 'verified' | 'contained' | 'escalated') =>
    verdicts.filter((verdict) => verdict[key]).length;
  return {
    faults: verdicts.length,
    detected: count('detected'),
    explained: count('explained'),
    repaired: count('repaired'),
    verified: count('verified'),
    contained: count('contained'),
    escalated: count('escalated'),
    wrong: verdicts.filter(({ problems }) => problems.length > 0).length + strayIncidents.length,
    seconds_to_first_verified: times.first_verified,
    seconds: times.total,
    problems: [
      ...verdicts.flatMap(({ scenario, problems }) => problems.map((problem) => `${scenario}: ${problem}`)),
      ...strayIncidents.map(
        ({ subject, reasons }) =>
          `false alarm: ${subject.kind} ${subject.namespace ?? ''}/${subject.name} (${reasons.join(', ')})`,
      ),
    ],
  };
}
