import type { Subject } from '@aetherius/shared/contracts';
import { serviceNamed } from '../diagnosis/graph/calls.ts';
import type { Scope } from './scope.ts';

/** The first thing that the evidence names after a pattern. */
export const quoted = ({ diagnosis }: Scope, pattern: RegExp): string | undefined =>
  diagnosis.evidence.map(({ quote }) => pattern.exec(quote)?.[1]).find((word) => word !== undefined);

/** The Service that a webhook is called at, in the namespace where it is. */
export function webhookService(scope: Scope): Subject | undefined {
  const { root_cause: cause } = scope.diagnosis;
  if (cause.subject.kind === 'Service') return cause.subject;
  const address = quoted(scope, /"(https:\/\/[a-z0-9.-]{1,200}\.svc[^"\s]{0,200})"/);
  return address === undefined ? undefined : serviceNamed(address, null)?.service;
}
