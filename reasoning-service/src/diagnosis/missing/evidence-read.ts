import { EvidenceRead, type Subject } from '@aetherius/shared/contracts';

/** Lines of a log that are read when its last words did not say enough. */
const TAIL_LINES = 400;

const placeOf = ({ namespace }: Subject): string => (namespace === null ? '' : ` -n ${namespace}`);

const commands = {
  get: (object: Subject) => `kubectl get ${object.kind.toLowerCase()} ${object.name}${placeOf(object)} -o json`,
  describe: (object: Subject) => `kubectl describe ${object.kind.toLowerCase()} ${object.name}${placeOf(object)}`,
  events: (object: Subject) =>
    `kubectl get events${placeOf(object) || ' -A'} --field-selector involvedObject.kind=${object.kind},involvedObject.name=${object.name}`,
};

/** What reads an object, as its schema lets it pass; none for a kind or a name that no agent may be asked for. */
export function readOf(
  object: Subject,
  { action, what }: { action: keyof typeof commands; what: string },
): EvidenceRead[] {
  const { kind, namespace, name } = object;
  return taken({ action, target: { kind, namespace, name }, what, command: commands[action](object) });
}

type OfContainer = { container: string; previous: boolean; what: string };

/** What reads the log of one container from further back than the first evidence did. */
export function logReadOf(pod: Subject, { container, previous, what }: OfContainer): EvidenceRead[] {
  const { kind, namespace, name } = pod;
  const command = `kubectl logs ${name}${placeOf(pod)} -c ${container}${previous ? ' --previous' : ''} --tail=${TAIL_LINES}`;
  const parameters = { container, previous, tail_lines: TAIL_LINES };
  return taken({ action: 'logs', target: { kind, namespace, name }, parameters, what, command });
}

/** Names come from the cluster: what is not the name of a Kubernetes object becomes no command of any sort. */
function taken(read: object): EvidenceRead[] {
  const parsed = EvidenceRead.safeParse(read);
  return parsed.success ? [parsed.data] : [];
}
