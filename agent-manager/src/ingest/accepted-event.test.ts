import { anEvent } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { acceptedEvent, unstorable } from './accepted-event.ts';

describe('the door for events', () => {
  it('names the field that Postgres could not keep', () => {
    expect(unstorable({ a: [{ b: 'x\0y' }] })).toBe('a.0.b');
    expect(unstorable({ a: '\ud800' })).toBe('a');
    expect(unstorable({ 'k\0': 1 })).toBe('k\0');
    expect(unstorable({ a: 'ok \u{1f600}', b: null, c: 1 })).toBeUndefined();
  });

  it('refuses an event that speaks of another cluster, and one with a NUL', () => {
    const problems = (event: unknown) =>
      acceptedEvent.body.safeParse(event).error?.issues.map((issue) => issue.path.join('.'));
    expect(problems(anEvent())).toBeUndefined();
    expect(problems({ ...anEvent(), fingerprint: 'other/shop/Deployment/cart' })).toEqual(['fingerprint']);
    expect(problems({ ...anEvent(), message: 'a\0b' })).toEqual(['message']);
  });
});
