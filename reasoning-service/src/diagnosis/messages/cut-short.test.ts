import { describe, expect, it } from '@jest/globals';
import { cutShort } from './cut-short.ts';
import { statementsOf } from './log-line.ts';
import { messageOf, withoutClient } from './log-message.ts';
import { causeIn } from './log-signature.ts';

describe('a text cut short', () => {
  it('ends between words and shows that it goes on', () => {
    expect(cutShort('nest of hens', 20)).toBe('nest of hens');
    expect(cutShort('nest of hens', 12)).toBe('nest of hens');
    expect(cutShort('nest of hens', 10)).toBe('nest of …');
    expect(cutShort('nest of hens', 7)).toBe('nest of …');
    expect(cutShort('n'.repeat(200), 100)).toBe(`${'n'.repeat(100)} …`);
  });

  it('is how a cause is told: no port in halves, and no path that is not there', () => {
    const line =
      '2026/11/20 03:00:02 [error] 29#29: *814 connect() failed (111: Connection refused) while connecting to upstream, client: 10.2.0.1, server: _, request: "GET /eggs/7 HTTP/1.1", upstream: "http://10.96.44.1:8000/eggs/7"';
    const [said = ''] = statementsOf([line]).map((one) => causeIn(one)?.said ?? '');
    expect(said).toContain('request: "GET /… HTTP/1.1"');
    expect(said).toMatch(/upstream: …$/);
  });

  it('leaves a request of the root as it is', () => {
    const line = 'failed: "GET / HTTP/1.1"';
    expect(withoutClient(messageOf(line, true)).text).toBe(line);
  });
});
