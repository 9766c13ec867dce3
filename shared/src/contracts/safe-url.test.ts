import { expect, it } from '@jest/globals';
import { isSafeUrl } from './safe-url.ts';

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
