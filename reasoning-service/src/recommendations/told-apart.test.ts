import { aBundle, aDiagnosis } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { loadRemedies } from './load-remedies.ts';
import { recommend } from './recommend.ts';

const catalogue = loadRemedies(new URL('../../recommendations/', import.meta.url));
const subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };

/** The names of what people are advised to do about a category of which one thing is quoted. */
function advisedFor(category: string, quote: string): string[] {
  const diagnosis = aDiagnosis({
    ...{ category, subject, root_cause: { subject, description: 'x' }, confidence: 1, recommendations: [] },
    evidence: [{ id: 'event:1', quote }],
  });
  const { advice } = recommend({ diagnosis, bundle: aBundle({ subject }), outcomes: new Map(), catalogue });
  return advice.map(({ name }) => name);
}

it.each([
  ['Pod ephemeral local storage usage exceeds the total limit of containers 4Gi.', ['fit_ephemeral_storage']],
  ['Usage of EmptyDir volume "cache" exceeds the limit "1Gi".', ['fit_ephemeral_storage']],
  ['The node was low on resource: ephemeral-storage.', ['cleanup_disk_space', 'bound_ephemeral_storage']],
])('a pod that passed its own limit is told from a node that ran full: %s', (quote, names) => {
  expect(advisedFor('node_disk_pressure_eviction', quote)).toEqual(names);
});

it.each([
  [
    "googleapi: Error 403: QUOTA_EXCEEDED - Quota 'FORWARDING_RULES' exceeded. Limit: 15.0 globally.",
    'raise_cloud_limit',
  ],
  ['googleapi: Error 403: Required permission compute.forwardingRules.create', 'permit_load_balancer'],
])('a limit of the cloud is told from a right that is missing: %s', (quote, remedy) => {
  expect(advisedFor('load_balancer_failed', quote)).toEqual([remedy]);
});

it.each([
  ['x509: certificate has expired or is not yet valid', ['renew_certificate']],
  ['x509: certificate signed by unknown authority', ['trust_issuer']],
  ['remote certificate is invalid', ['renew_certificate', 'trust_issuer']],
  [
    "x509: cannot validate certificate for 10.0.0.9 because it doesn't contain any IP SANs",
    ['agree_on_certificate_name'],
  ],
  ['x509: certificate is valid for dock.internal, not dock', ['agree_on_certificate_name']],
])('a certificate for another name is told from one that is not valid: %s', (quote, names) => {
  expect(advisedFor('tls_certificate_expired', quote)).toEqual(names);
});
