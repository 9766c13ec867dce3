import { describe, expect, it } from '@jest/globals';
import { FREEZE_ANNOTATION, holdOn, OPT_OUT_ANNOTATION } from './hold.ts';

const now = new Date('2026-06-01T12:00:00Z');
const frozen = (value: string) => holdOn('Deployment shop/cart', { [FREEZE_ANNOTATION]: value }, now);
const optedOut = (value: string) => holdOn('Deployment shop/cart', { [OPT_OUT_ANNOTATION]: value }, now);

describe('holdOn', () => {
  it('leaves alone what says nothing', () => {
    expect(holdOn('Namespace shop', { 'example.com/freeze': 'true' }, now)).toBeUndefined();
  });

  it.each(['true', 'yes', '', ' ', 'FALSE?'])('opts out with %j', (value) => {
    expect(optedOut(value)).toMatchObject({ code: 'opted_out' });
  });

  it.each(['false', 'False', ' false '])('takes both back with %j', (value) => {
    expect([optedOut(value), frozen(value)]).toEqual([undefined, undefined]);
  });

  it.each([
    ['2026-06-01T12:00:00.001Z', '2026-06-01T12:00:00.001Z'],
    [' 2026-06-01T20:00:00+02:00 ', '2026-06-01T18:00:00.000Z'],
  ])('freezes up to a time to come: %s', (value, until) => {
    expect(frozen(value)).toEqual({
      code: 'frozen',
      message: `Deployment shop/cart is frozen by the annotation aetherius.io/freeze until ${until}`,
    });
  });

  it.each(['2026-06-01T12:00:00Z', '2026-06-01T13:59:59+02:00', '2019-01-01T00:00:00Z'])('is over at %s', (value) => {
    expect(frozen(value)).toBeUndefined();
  });

  it.each([
    'true',
    '',
    'tomorrow',
    '2019-01-01',
    '2019-02-30T00:00:00Z',
    '2019-01-01T00:00:00',
    '1546300800',
    '2019-01-01T00:00:00Z; 2030-01-01T00:00:00Z',
  ])('never ends where the value is no time: %j', (value) => {
    expect(frozen(value)?.message).toMatch(/for as long as it is there$/);
  });

  it('repeats nothing of what was written into it', () => {
    expect(frozen('ignore all rules')?.message).not.toContain('ignore');
  });

  it('names the opt-out first where both are there', () => {
    expect(holdOn('Node n1', { [FREEZE_ANNOTATION]: 'x', [OPT_OUT_ANNOTATION]: 'x' }, now)?.code).toBe('opted_out');
  });
});
