import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { citeObject, type Facts } from '../facts.ts';
import { inFull, isSame, subjectOf } from '../graph/object-key.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { objectsAt, textAt, wordsAt } from '../json-path.ts';

/** When a certificate ran out; undefined while it is good. */
export function ranOut(facts: Facts, certificate: BundleObject): number | undefined {
  const end = Date.parse(textAt(certificate.body, 'status.notAfter') ?? '');
  return Number.isNaN(end) || end > facts.now ? undefined : end;
}

/** The hosts that a certificate is shown for: those that it names, and those of the ingresses that use its Secret. */
function hostsOf(facts: Facts, { namespace, name, body }: BundleObject): string[] {
  const secret = textAt(body, 'spec.secretName') ?? name;
  const served = facts
    .of('Ingress')
    .filter((ingress) => ingress.namespace === namespace)
    .flatMap((ingress) => objectsAt(ingress.body, 'spec.tls'))
    .filter((tls) => textAt(tls, 'secretName') === secret)
    .flatMap((tls) => wordsAt(tls, 'hosts'));
  return [textAt(body, 'spec.commonName') ?? '', ...wordsAt(body, 'spec.dnsNames'), ...served].filter(
    (host) => host !== '',
  );
}

const speaksOfCertificate = /certificate|x509|\b(?:tls|ssl)\b|CERT_/i;
const hostName = /[a-z0-9](?:[a-z0-9-]{0,62}\.){1,10}[a-z0-9-]{1,62}/gi;

const isHost = (pattern: string, host: string): boolean =>
  pattern.startsWith('*.') ? host.split('.').slice(1).join('.') === pattern.slice(2) : pattern === host;

/** The hosts that the logs of a complaint name where they speak of certificates. */
function calledIn(facts: Facts, evidence: readonly Evidence[]): string[] {
  const cited = new Set(evidence.map(({ id }) => id));
  const lines = facts.bundle.logs.filter(({ id }) => cited.has(id)).flatMap((log) => log.lines);
  return lines
    .filter((line) => speaksOfCertificate.test(line))
    .flatMap((line) => [...line.slice(0, 2_000).matchAll(hostName)].map(([host]) => host.toLowerCase()));
}

/** A complaint of a certificate that ran out, where the bundle has the very one that the called host shows: that is the cause. */
export function withExpiredCertificate(facts: Facts, hypothesis: Hypothesis): Hypothesis {
  const { category, subject, cause, evidence } = hypothesis;
  if (category !== 'tls_certificate_expired' || !isSame(subject, cause.subject)) return hypothesis;
  const expired = facts.of('Certificate').filter((one) => ranOut(facts, one) !== undefined && !isSame(one, subject));
  const hosts = expired.length === 0 ? [] : calledIn(facts, evidence);
  const shown = expired.find((one) =>
    hostsOf(facts, one).some((pattern) => hosts.some((host) => isHost(pattern, host))),
  );
  if (shown === undefined) return hypothesis;
  const found: Subject = subjectOf(shown);
  return {
    ...hypothesis,
    cause: { subject: found, description: `${cause.description}; ${inFull(found)} ran out` },
    evidence: [...evidence.slice(0, 3), ...citeObject(shown, 'status.notAfter')],
  };
}
