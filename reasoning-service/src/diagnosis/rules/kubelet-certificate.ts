import { citeEvents } from '../facts.ts';
import { keyOf, subjectOf } from '../graph/object-key.ts';
import type { Rule } from '../hypothesis.ts';
import { finding, groupBy } from '../said.ts';

/** Nodes whose kubelet is shut out because its certificate, or that of the API server, has run out, by its journal. */
export const kubeletCertificate: Rule = (facts) =>
  groupBy(facts.events({ reason: ['KubeletCertificateExpired'] }), keyOf).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [
      finding({
        category: 'tls_certificate_expired',
        subject: subjectOf(first),
        description: `the kubelet cannot reach the API server, for a certificate has run out: ${first.message.slice(0, 300)}`,
        weight: 0.9,
        evidence: citeEvents(group, 2),
      }),
    ];
  });
