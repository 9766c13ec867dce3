import { parseCreation } from '../diagnosis/messages/creation.ts';
import { isClusterWide, kindOfWord } from './kind-names.ts';
import type { ReadEvent } from './reading.ts';

const refused = /^Error from server(?: \((?:Forbidden|InternalError|BadRequest|Invalid)\))?: (.+)$/;
const source = /^error when (?:creating|applying patch|updating|replacing) .{0,300}?: /;
const about = /^([a-z][\w.]{0,100}) "([^"]{1,253})" is forbidden: /;

/** What the API server answered to who wanted to make an object, as the event that a controller would get; undefined for any other refusal. */
export function refusalIn(line: string, at: string): ReadEvent | undefined {
  const message = refused.exec(line.trim())?.[1]?.replace(source, '');
  const refusal = message === undefined ? undefined : parseCreation(message);
  if (message === undefined || refusal === undefined) return undefined;
  const [, word = '', name] = about.exec(message) ?? [];
  const kind = kindOfWord(word);
  // A webhook that nobody answers is named, and what it was asked about is not.
  const object =
    kind !== undefined && name !== undefined
      ? { kind, name }
      : refusal.why === 'webhook_unreachable'
        ? { kind: 'Webhook', name: refusal.webhook }
        : undefined;
  if (object === undefined) return undefined;
  const isNowhere = object.kind === 'Webhook' || isClusterWide(object.kind);
  return {
    ...{ type: 'Warning', reason: 'FailedCreate', message, component: 'kubectl', count: 1 },
    ...{ ...object, namespace: isNowhere ? null : undefined, first_timestamp: null, last_timestamp: at },
  };
}
