import { anEvent } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { acceptedEvent } from './accepted-event.ts';

describe('the door for events', () => {
  it('refuses an event that speaks of another cluster, and one with a NUL', () => {
    const problems = (event: unknown) =>
      acceptedEvent.body.safeParse(event).error?.issues.map((issue) => issue.path.join('.'));
    expect(problems(anEvent())).toBeUndefined();
    expect(problems({ ...anEvent(), fingerprint: 'other/shop/Deployment/cart' })).toEqual(['fingerprint']);
    expect(problems({ ...anEvent(), message: 'a\0b' })).toEqual(['message']);
  });
});
