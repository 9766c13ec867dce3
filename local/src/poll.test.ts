import type { Incident } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { describe, expect, it } from '@jest/globals';
import { createPoll } from './poll.ts';

const incidents = [{ id: 'i-1' } as Incident];

describe('createPoll', () => {
  it.each([new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') }), errors.unavailable({ status: 503 })])(
    'gives the last answer while there is a gap (%s), and goes on after it',
    async (error) => {
      const answers = [async () => incidents, async () => Promise.reject(error), async () => []];
      const poll = createPoll({ incidents: async () => (await answers.shift()?.()) ?? [] });
      expect(await poll()).toEqual({ incidents, gap: undefined });
      expect(await poll()).toEqual({ incidents, gap: 'agent-manager does not answer' });
      expect(await poll()).toEqual({ incidents: [], gap: undefined });
    },
  );

  it('hides no bug', async () => {
    const poll = createPoll({ incidents: async () => Promise.reject(new TypeError('x is undefined')) });
    await expect(poll()).rejects.toThrow('x is undefined');
  });
});
