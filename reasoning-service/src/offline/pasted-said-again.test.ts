import { expect, it } from '@jest/globals';
import { allInShort, pasted } from '../../test/pasted.ts';

const skipped = (second: number): string =>
  `time="2026-11-20T10:14:0${second}Z" level=error msg="Skipping service: no endpoints found" ingress=web namespace=shop serviceName=web servicePort="&ServiceBackendPort{Name:,Number:80,}" providerName=kubernetes\n`;

it('what a log says again and again is one fault, and nothing beside it', () => {
  const log = [1, 3, 6].map((second) => skipped(second)).join('');
  expect(allInShort(pasted({ 'traefik.log': log }))).toEqual(['service_no_endpoints Service shop/web']);
});
