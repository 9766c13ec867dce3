import { describe, expect, it } from '@jest/globals';
import { certificateProblem } from './certificate.ts';

const failure = (code: string, message = code) => Object.assign(new Error(message), { code });
const place = { variable: 'REDIS_URL' };

describe('what is wrong with a certificate', () => {
  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', 'NODE_EXTRA_CA_CERTS'],
    ['CERT_SIGNATURE_FAILURE', 'NODE_EXTRA_CA_CERTS'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'set REDIS_URL to a name'],
    ['CERT_HAS_EXPIRED', 'renew'],
  ])('is told with what helps: %s', (code, words) => {
    expect(certificateProblem(failure(code), place)?.way_out).toContain(words);
  });

  it('is told without advice that does not fit', () => {
    const hint =
      'self-signed certificate; if the root CA is installed locally, try running Node.js with --use-system-ca';
    const told = certificateProblem(failure('DEPTH_ZERO_SELF_SIGNED_CERT', hint), { ...place, authority: 'ask them' });
    expect(told).toEqual({ reason: 'self-signed certificate', way_out: 'ask them' });
  });

  it('is nothing where something else went wrong', () => {
    for (const other of [failure('ECONNREFUSED'), new Error('CERT_HAS_EXPIRED'), 'toString', undefined])
      expect(certificateProblem(other, place)).toBeUndefined();
    expect(certificateProblem(failure('toString'), place)).toBeUndefined();
  });
});
