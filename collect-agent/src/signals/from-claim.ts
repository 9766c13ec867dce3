import type { Severity } from '@aetherius/shared/contracts';
import { type Claim, refOf } from '../kube/objects.ts';
import { type Facts, subjectOf } from '../watch/cluster-state.ts';
import type { Signal } from './signal.ts';

/** Provisioning a volume takes its time in any cloud. */
const PENDING_MS = 60_000;

type Found = { reason: string; severity: Severity; message: string; holdMs: number };

/** What a claim's phase says; that its class is missing only an Event tells. */
export function fromClaim(claim: Claim, facts: Facts): Signal[] {
  const { reason, severity, message, holdMs } = finding(claim, facts) ?? {};
  if (reason === undefined || severity === undefined || claim.metadata.deletionTimestamp !== undefined) return [];
  return [
    {
      type: 'k8s_state',
      signal: 'fault',
      severity,
      reason,
      message: message ?? reason,
      source: 'claim-status',
      object: refOf(claim),
      subject: subjectOf(claim),
      node: null,
      count: 1,
      at: undefined,
      identity: [claim.metadata.uid, '', reason, claim.spec.volumeName ?? ''],
      holdMs: holdMs ?? 0,
    },
  ];
}

function finding(claim: Claim, facts: Facts): Found | undefined {
  const { name, namespace = '' } = claim.metadata;
  if (claim.status.phase === 'Lost') {
    return { reason: 'ClaimLost', severity: 'high', message: `the volume of claim ${name} is gone`, holdMs: 0 };
  }
  const wanted = () => facts.inNamespace('Pod', namespace).some(({ spec }) => spec.claims.includes(name));
  if (claim.status.phase !== 'Pending' || !wanted()) return undefined;
  const message = `claim ${name} (class ${claim.spec.storageClassName ?? 'none'}) is not bound and a pod waits for it`;
  return { reason: 'ClaimPending', severity: 'medium', message, holdMs: PENDING_MS };
}
