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
  escalated: boolean;
  finished: boolean;
  problems: string[];
};

const same = (a: Subject, b: Subject): boolean => a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
const isOver = ({ state }: Incident): boolean => state === 'resolved' || state === 'escalated';

/** The incident that a scenario is about: the latest episode on its subject. */
const incidentOf = (expected: Expected, incidents: readonly Incident[]): Incident | undefined =>
  incidents.filter((incident) => same(incident.subject, expected.subject)).sort((a, b) => b.episode - a.episode)[0];

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

/** Compares what became of a fault with what its file says is right. */
export function judge(scenario: string, expected: Expected, incidents: readonly Incident[]): Verdict {
  const incident = incidentOf(expected, incidents);
  if (incident === undefined) {
    return {
      scenario,
      detected: false,
      explained: false,
      repaired: false,
      verified: false,
      escalated: false,
      finished: false,
      problems: ['not detected'],
    };
  }
  const proven = incident.outcome === 'verified' || incident.outcome === 'contained';
  return {
    scenario,
    detected: true,
    explained: incident.diagnosis?.category === expected.category && incident.diagnosis.status === 'answered',
    repaired: incident.action !== null && proven,
    verified: proven,
    escalated: incident.state === 'escalated',
    finished: isOver(incident),
    problems: problemsOf(expected, incident),
  };
}

/** Incidents that no scenario asked for: false alarms. */
export const strays = (expectations: readonly Expected[], incidents: readonly Incident[]): Incident[] =>
  incidents.filter((incident) => !expectations.some((expected) => same(expected.subject, incident.subject)));

/** The figures of the last line. */
export function summary(
  verdicts: readonly Verdict[],
  strayIncidents: readonly Incident[],
  times: { first_verified: number | null; total: number },
) {
  const count = (key: 'detected' | 'explained' | 'repaired' | 'verified' | 'escalated') =>
    verdicts.filter((verdict) => verdict[key]).length;
  return {
    faults: verdicts.length,
    detected: count('detected'),
    explained: count('explained'),
    repaired: count('repaired'),
    verified: count('verified'),
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
