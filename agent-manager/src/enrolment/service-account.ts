import { type EnrolmentRequest, TOKEN_AUDIENCE } from '@aetherius/shared/contracts';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import type { ClusterAccount } from './enrolment-store.ts';

type Shown = NonNullable<EnrolmentRequest['service_account']>;

/** Clocks of a cluster and of ours may be this far apart. */
const TOLERANCE_SECONDS = 300;
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** The account that a token names, when the keys beside it sign it: proves nothing but that token and keys belong together. */
export async function accountShown({ token, jwks }: Shown, now: Date): Promise<ClusterAccount | undefined> {
  try {
    const { iss: issuer, sub: subject } = decodeJwt(token);
    if (issuer === undefined || subject === undefined || !subject.startsWith('system:serviceaccount:'))
      return undefined;
    const account = { issuer, subject, jwks };
    return (await speaksFor(account, token, now)) ? account : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a token is that of the account which was bound to a cluster, meant for us and not yet over. */
export async function speaksFor({ issuer, subject, jwks }: ClusterAccount, token: string, now: Date): Promise<boolean> {
  try {
    await jwtVerify(token, createLocalJWKSet(jwks as JSONWebKeySet), {
      issuer,
      subject,
      audience: TOKEN_AUDIENCE,
      algorithms: ALGORITHMS,
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: now,
      requiredClaims: ['exp'],
    });
    return true;
  } catch {
    return false;
  }
}
