import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { inventedName } from '../diagnosis/invented-name.ts';
import { objectsAt, textAt } from '../diagnosis/json-path.ts';
import { isObject } from './kubernetes.ts';
import { isObjectName } from './object-name.ts';
import { type Context, type Reading, reading } from './reading.ts';
import { podIn, UNNAMED } from './unnamed.ts';

const MOST_NODES = 5_000;
/** Keys that only the status of a container has. */
const ofContainer = ['restartCount', 'lastState', 'containerID', 'imageID'];
/** Keys of a text in YAML or JSON that may be a part of a status. */
const key = /^\s*(?:- )?"?(?:containerStatuses|lastState|restartCount|waiting|terminated|initContainerStatuses)"?\s*:/m;

/** Whether text may be the part of an object in YAML or JSON that tells how its containers fare. */
export const looksLikeStatus = (text: string): boolean => key.test(text);

/** Text in YAML that begins in the middle of an object, with the keys above it that were left out. */
export function withParents(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && line !== '--');
  const steps: string[] = [];
  let least = indentOf(lines[0] ?? '');
  for (const line of lines) {
    const at = indentOf(line);
    if (at >= least) continue;
    least = at;
    const above = ' '.repeat(at);
    // An item of a list ends the one before, of which only the end is there.
    steps.unshift(`${above}above${steps.length}:`, ...(line.trimStart().startsWith('- ') ? [`${above}-`] : []));
  }
  return [...steps, ...lines].join('\n');
}

const indentOf = (line: string): number => line.search(/\S/);

type Found = { statuses: JsonObject[]; inits: JsonObject[]; state: JsonObject | undefined; conditions: JsonObject[] };

/** A part of the status of a pod, as `jq`, `tail` or a mouse cuts it out; undefined for anything else. */
export function readStatus({ command }: Context, value: Json): Reading | undefined {
  const found: Found = { statuses: [], inits: [], state: undefined, conditions: [] };
  search(value, found, { left: MOST_NODES });
  const [asked = 'Pod'] = command?.kinds ?? [];
  if (asked !== 'Pod') return undefined;
  const { state, inits } = found;
  const statuses = found.statuses.length > 0 || state === undefined ? found.statuses : [lasting(state)];
  if (statuses.length + inits.length === 0) return undefined;
  const { name, namespace } = namedBy(command, [...statuses, ...inits]);
  const phase = textAt(value, 'phase') ?? textAt(value, 'status.phase');
  const status = {
    ...(phase === undefined ? {} : { phase }),
    ...(found.conditions.length === 0 ? {} : { conditions: found.conditions }),
    ...(statuses.length === 0 ? {} : { containerStatuses: statuses.map(withName) }),
    ...(inits.length === 0 ? {} : { initContainerStatuses: inits.map(withName) }),
    isPart: true,
  };
  return reading({
    objects: [{ detail: 'row', kind: 'Pod', namespace, name, body: { metadata: {}, status } }],
  });
}

/** Walks through a value; what is found is not looked into any further. */
function search(value: Json, found: Found, bound: { left: number }): void {
  bound.left -= 1;
  if (bound.left < 0) return;
  if (!Array.isArray(value) && (!isObject(value) || taken(value, found))) return;
  for (const [name, inner] of Object.entries(value))
    if (name === 'initContainerStatuses') found.inits.push(...objectsAt(value, name));
    else if (name !== 'spec') search(inner, found, bound);
}

/** Whether a value is one of those that tell something, and then it is kept. */
function taken(value: JsonObject, found: Found): boolean {
  if (ofContainer.some((one) => one in value)) found.statuses.push(value);
  else if (isCondition(value)) found.conditions.push(value);
  else if (isObject(value['terminated']) || isObject(value['waiting'])) found.state ??= value;
  else return false;
  return true;
}

const isCondition = ({ type, status }: JsonObject): boolean =>
  typeof type === 'string' && typeof status === 'string' && /^(?:True|False|Unknown)$/.test(status);

/** A state alone: what has ended is what comes before, for now nothing is said. */
const lasting = (state: JsonObject): JsonObject =>
  isObject(state['waiting']) ? { ready: false, state } : { ready: false, lastState: state };

const withName = (status: JsonObject, at: number): JsonObject => ({ name: inventedName(at), ...status });

/** Whose status it is: what its command names, else what the kubelet says while a container waits. */
function namedBy(
  command: Context['command'],
  statuses: readonly JsonObject[],
): { name: string; namespace: string | null | undefined } {
  const [asked, ...others] = command?.names ?? [];
  if (asked !== undefined && others.length === 0 && isObjectName('Pod', asked))
    return { name: asked, namespace: command?.namespace };
  const said = statuses.flatMap((status) => podIn(` ${textAt(status, 'state.waiting.message') ?? ''}`) ?? []);
  return said[0] ?? { name: UNNAMED, namespace: command?.namespace ?? undefined };
}
