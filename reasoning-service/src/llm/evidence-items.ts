import type { Bundle, Diagnosis } from '@aetherius/shared/contracts';
import { alertText, forecastText, metricText } from '../diagnosis/evidence.ts';
import { inTime } from '../diagnosis/verdict/in-time.ts';

/** One piece of evidence as a prompt shows it; `id` is the bundle's, the prompt numbers it `E1`, `E2` … */
export type EvidenceItem = { id: string; text: string };

const LINES = 30;
const LONGEST = 1_500;
const time = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g;
const often = /\b(?!1 )\d+ times\b/g;
const restarts = /(restartCount: )\d+/g;

/** Without what changes while a fault lasts: times, and how often it has happened. Else a crash loop asks, and pays, anew each time. */
export const steady = (text: string): string =>
  text.replaceAll(time, '(time)').replaceAll(often, 'several times').replaceAll(restarts, '$1(count)');

type Named = { kind: string; namespace: string | null; name: string };
const named = ({ kind, namespace, name }: Named): string =>
  namespace === null ? `${kind} ${name}` : `${kind} ${name} in ${namespace}`;

/**
 * What the model may read and cite: first what the diagnosis rests on, then the events, changes, alerts, metrics and
 * last log lines around it, as far as they are of its time.
 * `mask` runs before anything is cut: half a secret has no shape that could be recognised.
 */
export function evidenceItems(bundle: Bundle, diagnosis: Diagnosis, mask: (text: string) => string): EvidenceItem[] {
  const context = contextOf(inTime(bundle), mask);
  const about = new Map(bundle.objects.map((object) => [object.id, named(object)]));
  const quotes = new Map<string, string[]>();
  for (const { id, quote } of diagnosis.evidence) quotes.set(id, [...(quotes.get(id) ?? []), quote]);
  const cited = [...quotes].map(([id, said]) => {
    const { title, text } = context.get(id) ?? { title: about.get(id) ?? 'item', text: '' };
    // The words that count come first, in case that the text around them has to be cut.
    return {
      id,
      text: [`${title}: ${said.join('\n')}`, ...(text === '' || said.includes(text) ? [] : [text])].join('\n'),
    };
  });
  const rest = [...context]
    .filter(([id]) => !quotes.has(id))
    .map(([id, { title, text }]) => ({ id, text: `${title}: ${text}` }));
  return [...cited, ...rest].map(({ id, text }) => ({
    id,
    text: steady(mask(text)).slice(0, LONGEST),
  }));
}

function contextOf(bundle: Bundle, mask: (text: string) => string): Map<string, { title: string; text: string }> {
  const items = new Map<string, { title: string; text: string }>();
  for (const event of bundle.events)
    items.set(event.id, {
      title: `event ${event.reason} of ${named(event)}, ${event.count === 1 ? 'once' : `${event.count} times`}`,
      text: event.message,
    });
  for (const { id, change, fields, ...object } of bundle.changes) {
    const text = fields.map(({ path, before, after }) => `${path}: was ${before}, is ${after}`).join('\n');
    items.set(id, { title: `${change} of ${named(object)} shortly before`, text });
  }
  for (const alert of bundle.alerts) items.set(alert.id, { title: 'alert', text: alertText(alert) });
  for (const { id, pod, container, previous, lines } of bundle.logs)
    items.set(id, {
      title: `log of container ${container} of Pod ${pod}${previous ? ' before its last restart' : ''}`,
      text: mask(lines.join('\n')).split('\n').slice(-LINES).join('\n'),
    });
  for (const one of bundle.forecasts) items.set(one.id, { title: 'forecast', text: forecastText(one) });
  for (const metric of bundle.metrics) items.set(metric.id, { title: 'metric', text: metricText(metric) });
  return items;
}
