import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aBundle } from '../testing/builders.ts';
import { Bundle, MAX_BUNDLE_BYTES } from './bundle.ts';
import { fitBundle } from './fit-bundle.ts';

const bulky = (objects: number, events: number, lines: number): Bundle => {
  const [event] = aBundle().events;
  const body = { spec: { text: 'x'.repeat(8_000) } };
  return aBundle({
    objects: Array.from({ length: objects }, (_, at) => ({
      id: `o${at}`,
      kind: 'Pod',
      namespace: 'shop',
      name: `p${at}`,
      body,
    })),
    events:
      event === undefined
        ? []
        : Array.from({ length: events }, (_, at) => ({ ...event, id: `e${at}`, message: 'y'.repeat(900) })),
    logs: [
      {
        id: 'l',
        namespace: 'shop',
        pod: 'p',
        container: 'app',
        previous: false,
        lines: Array.from({ length: lines }, () => 'z'.repeat(900)),
      },
    ],
  });
};

describe('a bundle within its limit', () => {
  it('is left as it is when it fits', () => {
    const bundle = aBundle();
    expect(fitBundle(bundle)).toEqual(bundle);
  });

  it('loses old log lines first, and says so', () => {
    const cut = fitBundle(bulky(20, 20, 200));
    expect([cut.objects.length, cut.events.length, cut.logs[0]?.lines.length]).toEqual([20, 20, 20]);
    expect(cut.cut).toEqual(['logs: only the last 20 lines of each container']);
  });

  it('always ends within the limit, and never cuts without a word', () => {
    const size = fc.integer({ min: 0, max: 120 });
    fc.assert(
      fc.property(size, size, size, (objects, events, lines) => {
        const whole = bulky(objects, events, lines);
        const cut = fitBundle(whole);
        expect(Buffer.byteLength(JSON.stringify(cut))).toBeLessThanOrEqual(MAX_BUNDLE_BYTES);
        expect(cut.cut.length > 0).toBe(JSON.stringify(cut) !== JSON.stringify(whole));
        expect(Bundle.parse(cut)).toEqual(cut);
      }),
      { numRuns: 25 },
    );
  });
});
