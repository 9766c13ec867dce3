import type { BundleObject } from '@aetherius/shared/contracts';
import { citeObject, type Facts } from '../facts.ts';
import type { Rule } from '../hypothesis.ts';
import { textsAt } from '../json-path.ts';

type Labels = Record<string, string>;

const matches = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** Letters that differ, counted as single insertions, removals and replacements (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

type Near = { key: string; wanted: string; found: string; pod: BundleObject };

/** The pod that fits the selector but for one value that is written almost the same. */
function nearest(selector: Labels, pods: readonly BundleObject[]): Near | undefined {
  const candidates = pods.flatMap((pod) => {
    const labels = textsAt(pod.body, 'metadata.labels');
    const wrong = Object.entries(selector).filter(([key, value]) => labels[key] !== value);
    const [only] = wrong;
    const found = only === undefined ? undefined : labels[only[0]];
    if (only === undefined || found === undefined || wrong.length !== 1) return [];
    return [{ key: only[0], wanted: only[1], found, pod, letters: distance(only[1], found) }];
  });
  const closest = candidates.sort((a, b) => a.letters - b.letters)[0];
  if (closest === undefined) return undefined;
  const overlap = closest.wanted.includes(closest.found) || closest.found.includes(closest.wanted);
  return overlap || closest.letters <= Math.max(2, closest.wanted.length / 3) ? closest : undefined;
}

function serviceOf(facts: Facts): BundleObject | undefined {
  return facts.subject.kind === 'Service'
    ? facts.of('Service').find((object) => object.name === facts.subject.name)
    : undefined;
}

/** A Service whose selector matches no pod, while pods exist that it nearly matches. */
export const serviceSelector: Rule = (facts) => {
  const service = serviceOf(facts);
  const selector = textsAt(service?.body, 'spec.selector');
  const pods = facts.of('Pod');
  if (service === undefined || Object.keys(selector).length === 0) return undefined;
  if (pods.some((pod) => matches(selector, textsAt(pod.body, 'metadata.labels')))) return undefined;
  const near = nearest(selector, pods);
  const wanted = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const about = near === undefined ? '' : `; pods carry ${near.key}=${near.found}, not ${near.wanted}`;
  return {
    category: near === undefined ? 'service_no_endpoints' : 'service_selector_mismatch',
    severity: 'high',
    subject: facts.subject,
    cause: { subject: facts.subject, description: `the selector ${wanted} matches no pod${about}` },
    weight: near === undefined ? 0.6 : 0.95,
    evidence: [
      ...citeObject(service, 'spec.selector.'),
      ...(near === undefined ? [] : citeObject(near.pod, `: ${near.found}`)),
    ],
    recommendations: [],
  };
};
