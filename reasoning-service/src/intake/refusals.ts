import { parseCreation, type Refusal } from '../diagnosis/messages/creation.ts';
import { isClusterWide, kindOfWord } from './kind-names.ts';
import { isLabel, isObjectName } from './object-name.ts';
import type { ReadEvent } from './reading.ts';
import { UNNAMED } from './unnamed.ts';

const refused = /^Error from server(?: \((?:Forbidden|InternalError|BadRequest|Invalid)\))?: ([\s\S]+)$/;
const source = /^error when (?:creating|applying patch|updating|replacing) .{0,300}?: /;
const about = /^([a-z][\w.]{0,100}) "([^"]{1,253})" is forbidden: /;

/** How Kyverno names what it was asked about. */
const blocked = /^resource ([A-Z][A-Za-z]{1,60})\/([a-z0-9-]{1,63})\/([a-z0-9.-]{1,253}) was blocked/m;

/** What the API server answered to who wanted to make an object, as the event that a controller would get; undefined for any other refusal. */
export function refusalIn(text: string, at: string): ReadEvent | undefined {
  const message = refused.exec(text.trim())?.[1]?.replace(source, '');
  const refusal = message === undefined ? undefined : parseCreation(message);
  const object = message === undefined || refusal === undefined ? undefined : objectIn(message, refusal);
  if (message === undefined || object === undefined) return undefined;
  return {
    ...{ type: 'Warning', reason: 'FailedCreate', message, component: 'kubectl', count: 1 },
    ...{ ...object, first_timestamp: null, last_timestamp: at },
  };
}

type About = Pick<ReadEvent, 'kind' | 'namespace' | 'name'>;

/** What it was about. A webhook that nobody answers is named, and what it was asked about is not; a policy need name nothing. */
function objectIn(message: string, refusal: Refusal): About | undefined {
  if (refusal.why === 'webhook_unreachable') return { kind: 'Webhook', namespace: null, name: refusal.webhook };
  const [, word = '', name = ''] = about.exec(message) ?? [];
  const kind = kindOfWord(word);
  if (kind !== undefined) return { kind, namespace: isClusterWide(kind) ? null : undefined, name };
  const [, shown, namespace = '', called = ''] = blocked.exec(message) ?? [];
  if (shown !== undefined && isLabel(namespace) && isObjectName(shown, called))
    return { kind: shown, namespace, name: called };
  return refusal.why === 'policy' ? { kind: 'Object', namespace: undefined, name: UNNAMED } : undefined;
}
