import type { Subject } from '@aetherius/shared/contracts';
import type { Facts } from './facts.ts';
import { serviceNamed } from './graph/calls.ts';
import { subjectOf } from './graph/object-key.ts';
import { textAt } from './json-path.ts';

const ipAddress = /^\[?(\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]{3,45})\]?(?::\d{1,5})?$/i;
const trimmed = (target: string): string => target.replace(/^["'(]+|["'),.;]+$/g, '');

/** The Service or pod of the bundle that stands at an address which a program names, or undefined for what lies outside. */
export function dependencyAt(facts: Facts, target: string, namespace: string | null): Subject | undefined {
  const text = trimmed(target);
  const ip = ipAddress.exec(text)?.[1];
  if (ip !== undefined) {
    const service = facts.of('Service').find(({ body }) => textAt(body, 'spec.clusterIP') === ip);
    const pod = facts.of('Pod').find(({ body }) => textAt(body, 'status.podIP') === ip);
    const found = service ?? pod;
    return found === undefined ? undefined : subjectOf(found);
  }
  const service = serviceNamed(text, namespace)?.service;
  return service === undefined || facts.graph.find(service) === undefined ? undefined : service;
}
