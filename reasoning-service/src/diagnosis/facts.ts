import type { Bundle, BundleEvent, BundleObject, JsonObject, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from './evidence.ts';
import { lines, numberAt, objectsAt, textAt } from './json-path.ts';

export type Ended = { reason: string; exit_code: number | undefined };

/** One container of one pod as its status tells it. */
export type Container = {
  pod: BundleObject;
  name: string;
  image: string | undefined;
  spec: JsonObject;
  restarts: number;
  waiting: { reason: string; message: string } | undefined;
  ended: Ended[];
};

/** A bundle, read once: what the rules ask about. */
export type Facts = {
  bundle: Bundle;
  subject: Subject;
  reasons: readonly string[];
  containers: Container[];
  of(kind: string): BundleObject[];
  events(match: { reason?: string[]; kind?: string; message?: RegExp }): BundleEvent[];
};

const subjectOf = ({ kind, namespace, name }: { kind: string; namespace: string | null; name: string }): Subject => ({
  kind,
  namespace,
  name,
});

export function readFacts(bundle: Bundle, reasons: readonly string[] = []): Facts {
  const of = (kind: string) => bundle.objects.filter((object) => object.kind === kind);
  return {
    bundle,
    reasons,
    subject: bundle.subject,
    containers: of('Pod').flatMap(containersOf),
    of,
    events: ({ reason, kind, message }) =>
      bundle.events.filter(
        (event) =>
          (reason === undefined || reason.includes(event.reason)) &&
          (kind === undefined || event.kind === kind) &&
          (message === undefined || message.test(event.message)),
      ),
  };
}

function containersOf(pod: BundleObject): Container[] {
  const specs = [...objectsAt(pod.body, 'spec.initContainers'), ...objectsAt(pod.body, 'spec.containers')];
  const statuses = [
    ...objectsAt(pod.body, 'status.initContainerStatuses'),
    ...objectsAt(pod.body, 'status.containerStatuses'),
  ];
  return specs.map((spec) => {
    const name = textAt(spec, 'name') ?? '';
    const status = statuses.find((candidate) => textAt(candidate, 'name') === name);
    return {
      pod,
      name,
      spec,
      image: textAt(spec, 'image'),
      restarts: numberAt(status, 'restartCount') ?? 0,
      waiting: waitingOf(status),
      ended: [endedAt(status, 'state.terminated'), endedAt(status, 'lastState.terminated')].filter(
        (ended) => ended !== undefined,
      ),
    };
  });
}

const waitingOf = (status: JsonObject | undefined): Container['waiting'] => {
  const reason = textAt(status, 'state.waiting.reason');
  return reason === undefined ? undefined : { reason, message: textAt(status, 'state.waiting.message') ?? '' };
};

const endedAt = (status: JsonObject | undefined, path: string): Ended | undefined => {
  const reason = textAt(status, `${path}.reason`);
  const exitCode = numberAt(status, `${path}.exitCode`);
  return reason === undefined && exitCode === undefined ? undefined : { reason: reason ?? '', exit_code: exitCode };
};

/** A cited line of an object: the first that contains `part`. */
export function citeObject(object: BundleObject, part: string): Evidence[] {
  const quote = lines(object.body).find((line) => line.includes(part));
  return quote === undefined ? [] : [{ id: object.id, quote }];
}

export const citeEvents = (events: readonly BundleEvent[], most = 3): Evidence[] =>
  events.slice(0, most).map(({ id, message }) => ({ id, quote: message.slice(0, 500) }));

/** The controller at the top of a pod, as the bundle's subject names it; a bare pod stands for itself. */
export const brokenBy = (facts: Facts, object: BundleObject): Subject =>
  facts.subject.kind === 'Node' ? subjectOf(object) : facts.subject;
