import type { JsonObject, Subject } from '@aetherius/shared/contracts';
import { objectsAt, textAt, wordsAt } from '../json-path.ts';
import { containersIn } from './pod-spec.ts';

/** A Service that a pod is told to call, found in its settings; `port` where the setting states one. */
export type Call = { service: Subject; port: number | undefined };

const MOST_LETTERS = 300;
/** `name`, `name.namespace`, `name.namespace.svc…`, with a scheme, credentials or a port around it. */
const address =
  /^(?:[a-z][a-z0-9+.:-]{0,30}:\/\/)?(?:[^@/\s]{0,120}@)?([a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.([a-z0-9-]{1,63}))?(?:\.svc(?:\.[a-z0-9.-]{1,80})?)?(?::(\d{1,5}))?(?:[/?,].{0,200})?$/;
const addressVariable =
  /(?:HOST|URL|URI|ADDR|ADDRESS|ENDPOINT|SERVER|SERVERS|SERVICE|BROKERS?|DSN|UPSTREAM|BACKEND)(?:_\w{0,20})?$/i;

/** `pod.service.namespace.svc…`: the name by which one pod of a stateful set is called. */
const podAddress =
  /^(?:[a-z][a-z0-9+.-]{0,30}:\/\/)?[a-z0-9-]{1,63}\.([a-z0-9-]{1,63})\.([a-z0-9-]{1,63})\.svc[.a-z0-9-]{0,80}(?::(\d{1,5}))?$/;

const portOf = (digits: string | undefined): number | undefined => (digits === undefined ? undefined : Number(digits));

/** The Service that a text such as `http://orders.shop:8080/v1` or `db:5432` names, seen from a namespace. */
export function serviceNamed(text: string, namespace: string | null): Call | undefined {
  if (text.length > MOST_LETTERS) return undefined;
  const ofPod = podAddress.exec(text.trim());
  if (ofPod?.[1] !== undefined && ofPod[2] !== undefined)
    return { service: { kind: 'Service', namespace: ofPod[2], name: ofPod[1] }, port: portOf(ofPod[3]) };
  const match = address.exec(text.trim());
  if (match?.[1] === undefined || match[1] === 'localhost') return undefined;
  return {
    service: { kind: 'Service', namespace: match[2] ?? namespace, name: match[1] },
    port: portOf(match[3]),
  };
}

/** Whom a pod calls, as far as its environment and arguments say. */
export function callsOf(spec: JsonObject, namespace: string | null): Call[] {
  const texts = containersIn(spec).flatMap((container) => [
    ...objectsAt(container, 'env').flatMap((variable) =>
      addressVariable.test(textAt(variable, 'name') ?? '') ? (textAt(variable, 'value') ?? []) : [],
    ),
    ...wordsAt(container, 'args').filter((word) => word.includes('://')),
  ]);
  return texts.map((text) => serviceNamed(text, namespace)).filter((call) => call !== undefined);
}
