import { stripVTControlCharacters } from 'node:util';
import type { Incident, IncidentState } from '@aetherius/shared/contracts';

type Stage = { name: string; reached: boolean };

const decidedStates: readonly IncidentState[] = ['repairing', 'awaiting_approval', 'verifying', 'escalated'];

/** The five stages of an incident, each with whether it has it behind it; a node that was only taken out of service is contained, not repaired. */
export function stagesOf({ state, diagnosis, action, outcome }: Incident): Stage[] {
  const isContained = outcome === 'contained';
  const isVerified = outcome === 'verified';
  return [
    { name: 'detected', reached: true },
    { name: 'explained', reached: diagnosis?.status === 'answered' },
    { name: 'decided', reached: action !== null || decidedStates.includes(state) },
    { name: isContained ? 'contained' : 'repaired', reached: isContained || isVerified || state === 'verifying' },
    { name: 'verified', reached: isVerified },
  ];
}

const endings: Partial<Record<IncidentState, string>> = {
  escalated: 'escalated to a person',
  stale: 'stale',
  awaiting_approval: 'waits for an approval',
};
const colours = { green: 32, yellow: 33, red: 31, grey: 90, bold: 1 } as const;
type Paint = (text: string, colour: keyof typeof colours) => string;

/** Paints for a terminal; plain text where there is none. */
export const painter =
  (enabled: boolean): Paint =>
  (text, colour) =>
    enabled ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;

/** Stages that lie ahead are dots, so that the line can be read without colours, too. */
const path = (stages: readonly Stage[], paint: Paint): string =>
  stages
    .map(({ name, reached }) => (reached ? paint(name, 'green') : paint('·'.repeat(name.length), 'grey')))
    .join(paint(' → ', 'grey'));

function ending({ state, outcome, action }: Incident, paint: Paint): string {
  if (state === 'resolved') return paint(outcome === 'verified' ? `resolved by ${action}` : 'resolved', 'green');
  if (outcome === 'contained') return paint(`by ${action}; escalated to a person, who must mend it`, 'yellow');
  const text = endings[state];
  return text === undefined ? '' : paint(text, state === 'escalated' ? 'red' : 'yellow');
}

function cause({ diagnosis, reasons }: Incident): string {
  if (diagnosis === null) return reasons.join(', ');
  if (diagnosis.status === 'abstained') return 'not enough evidence';
  return `${diagnosis.category} (${Math.round(diagnosis.confidence * 100)} %): ${diagnosis.root_cause.description}`;
}

const clip = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

/** One incident in two lines: how far it is, and why it happened. */
export function incidentLines(incident: Incident, width: number, paint: Paint): string[] {
  const { kind, namespace, name } = incident.subject;
  const subject = clip(`${kind} ${namespace === null ? '' : `${namespace}/`}${name}`, 44).padEnd(44);
  return [
    `${paint(subject, 'bold')} ${path(stagesOf(incident), paint)}  ${ending(incident, paint)}`,
    `    ${clip(cause(incident), width - 4)}`,
  ];
}

type Header = {
  url: string;
  token: string;
  kubeconfig?: string | undefined;
  troubles: readonly (string | undefined)[];
  paint: Paint;
};

/** Where everything else can be asked, and what is wrong with Aetherius itself. */
export const header = ({ url, token, kubeconfig, troubles, paint }: Header): string[] => [
  `${paint('Aetherius', 'bold')}  REST ${url} (what there is: ${url}/)   Ctrl-C ends it`,
  paint(`curl -H "Authorization: Bearer ${token}" ${url}/api/v1/incidents`, 'grey'),
  ...(kubeconfig === undefined ? [] : [paint(`kubectl --kubeconfig ${kubeconfig} get pods -A`, 'grey')]),
  ...troubles.filter((trouble) => trouble !== undefined).map((trouble) => paint(trouble, 'red')),
];

type Screen = {
  incidents: readonly Incident[];
  header: readonly string[];
  width: number;
  height: number;
  paint: Paint;
};

/** The whole screen, oldest incident first; where not all fit, those that are over and older give way. */
export function screen({ incidents, header, width, height, paint }: Screen): string {
  const ordered = [...incidents].sort((a, b) => a.opened_at.localeCompare(b.opened_at));
  const room = Math.max(1, Math.floor((height - rowsOf(header, width) - 3) / 2));
  const shown = chosen(ordered, room);
  const hidden = ordered.length - shown.length;
  const rows = shown.flatMap((incident) => incidentLines(incident, width, paint));
  const more = hidden === 0 ? '' : paint(`and ${hidden} more that do not fit; the REST API has them all`, 'grey');
  return [...header, '', ...(rows.length === 0 ? [paint('no incident so far', 'grey')] : rows), more].join('\n');
}

/** Rows that text takes once the terminal has wrapped it; colours take none. */
const rowsOf = (lines: readonly string[], width: number): number =>
  lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(stripVTControlCharacters(line).length / width)), 0);

function chosen(ordered: readonly Incident[], room: number): Incident[] {
  const isOver = ({ state }: Incident) => state === 'resolved' || state === 'escalated';
  const byNeed = ordered.toReversed().sort((a, b) => Number(isOver(a)) - Number(isOver(b)));
  const kept = new Set(byNeed.slice(0, room));
  return ordered.filter((incident) => kept.has(incident));
}
