import { describe, expect, it } from '@jest/globals';
import { homeFolder } from './home.ts';

describe('homeFolder', () => {
  it('takes what was chosen, for root and for others', () => {
    expect(homeFolder({ AETHERIUS_HOME: '/srv/a' }, true)).toBe('/srv/a');
    expect(homeFolder({ AETHERIUS_HOME: '/srv/a' }, false)).toBe('/srv/a');
  });

  it('uses the state folder of the user, and for root one that the user postgres can reach', () => {
    expect(homeFolder({}, false)).toMatch(/\/\.local\/state\/aetherius$/);
    expect(homeFolder({ AETHERIUS_HOME: ' ' }, true)).toBe('/var/lib/aetherius');
  });
});
