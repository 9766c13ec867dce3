import type { EnrolmentRequest } from '@aetherius/shared/contracts';
import { type AetheriusError, defineErrors } from '@aetherius/shared/errors';
import { SKEW_SECONDS } from './wanted-account.ts';

const kinds = defineErrors({
  enrolment_refused: { status: 403, retryable: false, title: 'The enrolment is refused' },
  key_revoked: { status: 403, retryable: false, title: 'This key was shut out and never comes back' },
});

/** A one-time token as it is kept: never the token itself. */
export type TokenRow = { cluster_id: string; expires_at: string; used_at: string | null; shut_out: boolean };

type Field = 'at' | 'cluster_id' | 'public_key' | 'signature' | 'token';

/** A refusal that names the field at fault. */
export const refused = (field: Field, message: string): AetheriusError =>
  kinds.enrolment_refused({ fields: [{ field: `body.${field}`, message }] });

/** A key of a cluster that was revoked: only a new key can be let in. */
export const keyRevoked = (): AetheriusError =>
  kinds.key_revoked({ fields: [{ field: 'body.public_key', message: 'was shut out; make a new key' }] });

/** What is wrong with the moment that a statement names, in seconds of difference. */
export function wrongMoment(at: string, now: Date): string | undefined {
  const ahead = Math.round((Date.parse(at) - now.getTime()) / 1000);
  if (Math.abs(ahead) <= SKEW_SECONDS) return undefined;
  return `is ${Math.abs(ahead)} s ${ahead > 0 ? 'ahead of' : 'behind'} our clock; more than ${SKEW_SECONDS} s are not taken`;
}

/** Why a one-time token lets nobody in. */
export function wrongToken(token: TokenRow | undefined, { cluster_id }: EnrolmentRequest, now: Date): string {
  if (token === undefined) return 'is not known';
  if (token.cluster_id !== cluster_id) return 'is for another cluster';
  if (token.used_at !== null && token.shut_out)
    return 'was used already, and its cluster was shut out since; an administrator can make a new one';
  if (token.used_at !== null) return 'was used already; an administrator can make a new one';
  return Date.parse(token.expires_at) <= now.getTime()
    ? 'has expired; an administrator can make a new one'
    : 'was used by another agent at the same moment';
}
