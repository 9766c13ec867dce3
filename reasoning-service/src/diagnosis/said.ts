import type { BundleEvent, BundleObject, Category, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from './evidence.ts';
import { citeEvents, citeObject, type Facts } from './facts.ts';
import { keyOf, subjectOf } from './graph/object-key.ts';
import type { Hypothesis } from './hypothesis.ts';
import { objectsAt, textAt } from './json-path.ts';
import { severityOf } from './precedence.ts';

/** Words of Kubernetes about an object, wherever they stand: an event, a waiting container, a condition. */
export type Said = { about: Subject; message: string; evidence: Evidence[] };

const saidByEvent = (event: BundleEvent): Said => ({
  about: subjectOf(event),
  message: event.message,
  evidence: citeEvents([event]),
});

/** What events of some reasons say. */
export const saidByEvents = (facts: Facts, match: Parameters<Facts['events']>[0]): Said[] =>
  facts.events(match).map(saidByEvent);

/** What the containers of pods wait for, and how they last ended. */
export const saidByContainers = (facts: Facts): Said[] =>
  facts.containers.flatMap(({ pod, waiting, ended }) => [
    ...(waiting === undefined
      ? []
      : [saidBy(pod, `${waiting.reason}: ${waiting.message}`, waiting.message || waiting.reason)]),
    ...ended
      .filter(({ message }) => message !== '')
      .map(({ reason, message }) => saidBy(pod, `${reason}: ${message}`, message)),
  ]);

/** What is longer is no message of Kubernetes; its front says what it is. */
const MOST_MESSAGE = 4_000;

const saidBy = (object: BundleObject, message: string, quote: string): Said => ({
  about: subjectOf(object),
  message: message.slice(0, MOST_MESSAGE),
  evidence: citeObject(object, (quote.split('\n')[0] ?? '').slice(0, 200)),
});

/** What the conditions of objects of a kind say, those of one type or all. */
export const saidByConditions = (facts: Facts, kind: string, type?: string): Said[] =>
  facts.of(kind).flatMap((object) =>
    objectsAt(object.body, 'status.conditions')
      .filter((condition) => type === undefined || textAt(condition, 'type') === type)
      .flatMap((condition) => {
        const message = textAt(condition, 'message');
        return message === undefined
          ? []
          : [saidBy(object, `${textAt(condition, 'reason') ?? ''}: ${message}`, message)];
      }),
  );

/** What a pod's own status says of why it failed. */
export const saidByPods = (facts: Facts): Said[] =>
  facts.of('Pod').flatMap((pod) => {
    const message = textAt(pod.body, 'status.message');
    return message === undefined
      ? []
      : [saidBy(pod, `${textAt(pod.body, 'status.reason') ?? ''}: ${message}`, message)];
  });

/** Items by the text that a key function gives them, in order of first appearance. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

export type Finding = {
  category: Category;
  subject: Subject;
  description: string;
  weight: number;
  evidence: Evidence[];
  cause?: Subject;
  address?: Subject | undefined;
  affects?: readonly Subject[];
  recommendations?: Hypothesis['recommendations'];
  against?: string[];
  canCause?: Hypothesis['canCause'];
  isByDesign?: true;
};

/** A hypothesis with what follows from its category, and with its own subject among what it affects. */
export const finding = ({ category, subject, description, weight, evidence, ...rest }: Finding): Hypothesis => ({
  category,
  subject,
  severity: severityOf(category),
  cause: { subject: rest.cause ?? subject, description },
  weight,
  evidence: evidence.slice(0, 5),
  recommendations: rest.recommendations ?? [],
  affects: [...new Set([subject, ...(rest.affects ?? [])].map(keyOf))],
  against: rest.against ?? [],
  ...(rest.canCause === undefined ? {} : { canCause: rest.canCause }),
  ...(rest.isByDesign === undefined ? {} : { isByDesign: rest.isByDesign }),
  ...(rest.address === undefined ? {} : { address: rest.address }),
});
