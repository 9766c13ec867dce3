import { type Reading, reading } from './reading.ts';

/** How Alertmanager heads what it sends to people. */
const head = /^(?:.{0,80}\s)?\[(FIRING|RESOLVED)(?::\d{1,5})?\]\s*(.{0,500})$/;
/** The state of those that follow, in an e-mail about several. */
const section = /^\[?(\d{1,5}\])? ?(?:Alerts )?(Firing|Resolved):?$/;
const label =
  /^\s*[•*+-]?\s*(?:\*|_|`)*([A-Za-z_]\w{0,100})(?:\*|_|`)*\s?[:=]\s*(?:\*|_|`)*(.{1,1000}?)(?:\*|_|`)*\s*$/;
const MOST_LETTERS = 200_000;
const MOST_ALERTS = 200;

/** Words that templates put before what an alert says of itself; they are no labels. */
const annotations: Record<string, string> = {
  alert: 'summary',
  summary: 'summary',
  title: 'summary',
  description: 'description',
  message: 'description',
  runbook_url: 'runbook_url',
  runbook: 'runbook_url',
};
const aside = new Set([
  'details',
  'labels',
  'annotations',
  'source',
  'graph',
  'silence',
  'generatorurl',
  'startsat',
  'http',
  'https',
]);

type Alert = {
  name: string | undefined;
  isFiring: boolean;
  labels: Record<string, string>;
  notes: Record<string, string>;
};

/** Whether text is what Alertmanager writes to a chat or into an e-mail. */
export const isAlertText = (text: string): boolean =>
  text.length <= MOST_LETTERS &&
  text
    .trimStart()
    .split('\n', 3)
    .some((line) => head.test(line));

/** The alerts in such a message; those that are over are counted, and where all are, that is the answer. */
export function readAlertText(file: string, text: string, at: string): Reading {
  const found = alertsIn(text.split('\n')).filter(({ name, labels }) => name !== undefined || 'alertname' in labels);
  const firing = found.filter(({ isFiring }) => isFiring);
  const over = found.length - firing.length;
  const isOver = firing.length === 0;
  return reading({
    alerts: (isOver ? found : firing).map(({ name, labels, notes }) => {
      const alertname = labels['alertname'] ?? name ?? 'unnamed';
      return {
        name: alertname,
        labels: { ...labels, alertname },
        annotations: notes,
        starts_at: null,
        ends_at: isOver ? at : null,
      };
    }),
    cut: over === 0 ? [] : [`${file}: ${over} alerts that are resolved, pending or silenced`],
  });
}

function alertsIn(lines: readonly string[]): Alert[] {
  const found: Alert[] = [];
  let isFiring = true;
  for (const line of lines) {
    const state = (head.exec(line.trim())?.[1] ?? section.exec(line.trim())?.[2])?.toUpperCase();
    const title = head.exec(line.trim())?.[2];
    if (state !== undefined) isFiring = state === 'FIRING';
    if (title !== undefined) found.push(opened(isFiring, /^[A-Za-z_]\w{0,120}/.exec(title)?.[0]));
    else if (state === undefined) take(found, line, isFiring);
    if (found.length >= MOST_ALERTS) break;
  }
  return found;
}

const opened = (isFiring: boolean, name?: string): Alert => ({ name, isFiring, labels: {}, notes: {} });

/** A name that comes again begins the next alert. */
function take(found: Alert[], line: string, isFiring: boolean): void {
  const [, key = '', value = ''] = label.exec(line.slice(0, 2_000)) ?? [];
  const word = key.toLowerCase();
  if (key === '' || aside.has(word)) return;
  const last = found.at(-1);
  if (last === undefined) return;
  const note = Object.hasOwn(annotations, word) ? annotations[word] : undefined;
  const isNext = key === 'alertname' && 'alertname' in last.labels;
  const alert = isNext ? opened(isFiring) : last;
  if (isNext) found.push(alert);
  if (note !== undefined) alert.notes[note] ??= value;
  else alert.labels[key] ??= value;
}
