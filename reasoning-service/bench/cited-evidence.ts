import type { Bundle, Diagnosis, Json } from '@aetherius/shared/contracts';
import { alertText, eventText, forecastText, metricText } from '../src/diagnosis/evidence.ts';
import { lines, linesOf } from '../src/diagnosis/json-path.ts';
import type { Incident, Proof } from './incident-library.ts';

/** Something of a bundle that can be cited: what it is about, and all that it says. */
type Item = { id: string; of: string; text: string };

const about = ({ kind, name }: { kind: string; name: string }): string => `${kind}/${name}`;

/** Read from the bundle alone, so that what the diagnosis takes for proved is not believed. */
const itemsOf = (bundle: Bundle): Item[] => [
  ...bundle.objects.map((one) => ({ id: one.id, of: about(one), text: linesOf(one.body).join('\n') })),
  ...bundle.events.map((one) => ({ id: one.id, of: about(one), text: eventText(one) })),
  ...bundle.logs.map((one) => ({ id: one.id, of: `Pod/${one.pod}`, text: one.lines.join('\n') })),
  ...bundle.metrics.map((one) => ({ id: one.id, of: `Metric/${one.name}`, text: metricText(one) })),
  ...bundle.forecasts.map((one) => ({ id: one.id, of: `Forecast/${one.series.name}`, text: forecastText(one) })),
  ...bundle.alerts.map((one) => ({ id: one.id, of: `Alert/${one.name}`, text: alertText(one) })),
  ...bundle.changes.map((one) => ({ id: one.id, of: about(one), text: lines(one.fields as Json).join('\n') })),
];

/** Whether a bundle has what is said to prove a fault. */
export const isInBundle = ({ of, says }: Proof, bundle: Bundle): boolean =>
  itemsOf(bundle).some((item) => item.of === of && item.text.includes(says));

/** Whether an answer quotes something that proves the fault, and quotes nothing that the bundle does not say. */
export function citesProof({ expected, bundle }: Incident, { evidence }: Pick<Diagnosis, 'evidence'>): boolean {
  const items = new Map(itemsOf(bundle).map((item) => [item.id, item]));
  const isReal = ({ id, quote }: Diagnosis['evidence'][number]) => items.get(id)?.text.includes(quote) === true;
  const proves = ({ of, says }: Proof) =>
    evidence.some(({ id, quote }) => items.get(id)?.of === of && quote.includes(says));
  return evidence.every(isReal) && expected.evidence.some(proves);
}
