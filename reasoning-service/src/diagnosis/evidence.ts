import { type Bundle, type Diagnosis, type Json, seconds } from '@aetherius/shared/contracts';
import { lines } from './json-path.ts';

export type Evidence = Diagnosis['evidence'][number];

const RANGE_SECONDS = seconds('1h');
const SKEW_SECONDS = seconds('5m');

/** Everything in a bundle that can be cited: its text, and its time where it has one. */
function citable(bundle: Bundle): Map<string, { text: string; at: string | undefined }> {
  const items = new Map<string, { text: string; at: string | undefined }>();
  for (const object of bundle.objects) items.set(object.id, { text: lines(object.body).join('\n'), at: undefined });
  for (const event of bundle.events) items.set(event.id, { text: event.message, at: event.last_timestamp });
  for (const log of bundle.logs) items.set(log.id, { text: log.lines.join('\n'), at: undefined });
  for (const change of bundle.changes)
    items.set(change.id, { text: lines(change.fields as Json).join('\n'), at: change.at });
  return items;
}

/** Keeps only what is really in the bundle, says what it is quoted to say, and lies in the time that the bundle is about. */
export function proven(evidence: readonly Evidence[], bundle: Bundle): Evidence[] {
  const items = citable(bundle);
  const now = Date.parse(bundle.at);
  return evidence.filter(({ id, quote }) => {
    const item = items.get(id);
    if (item === undefined || !item.text.includes(quote)) return false;
    if (item.at === undefined) return true;
    const age = (now - Date.parse(item.at)) / 1000;
    return age <= RANGE_SECONDS && age >= -SKEW_SECONDS;
  });
}
