import { expect, it } from '@jest/globals';
import { isBaseUrl, isSafeUrl } from './safe-url.ts';

it.each([
  'https://aetherius.example.com',
  'https://10.0.0.7:8443',
  'http://127.0.0.1:8080',
  'http://localhost:8080',
  'http://agent-manager:8080',
  'http://aetherius-agent-manager.aetherius.svc:8080',
  'http://manager.aetherius.svc.cluster.local',
])('%s may be told a token', (url) => {
  expect(isSafeUrl(url)).toBe(true);
});

it.each(['http://aetherius.example.com', 'http://10.0.0.7:8080', 'http://x.svc.example.com', 'ftp://a', 'manager', ''])(
  '%s may not',
  (url) => {
    expect(isSafeUrl(url)).toBe(false);
  },
);

it.each([
  ['https://a.example.com', true],
  ['https://a.example.com:8443/base/', true],
  ['https://a.example.com/base/?x=1', false],
  ['https://a.example.com/?', false],
  ['https://a.example.com/#', false],
  ['https://a.example.com/#x', false],
  ['https://user:password@a.example.com', false],
  ['a.example.com', false],
])('paths can be put behind %s: %s', (url, is) => {
  expect(isBaseUrl(url)).toBe(is);
});
