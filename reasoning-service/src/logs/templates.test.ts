import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createTemplates } from './templates.ts';

const learned = (lines: readonly string[]): string[] => {
  const templates = createTemplates();
  const ids = lines.map((line) => templates.learn(line));
  return ids.map((id) => templates.text(id));
};

describe('log templates', () => {
  it('lose what varies: times, addresses, ids and numbers', () => {
    expect(
      learned([
        '2024-03-01T10:00:00.123Z GET /cart took 12ms from 10.0.0.7:8080 id=4f2a9c1e-0000-4000-8000-123456789abc',
      ]),
    ).toEqual(['<*> GET /cart took <*> from <*> id <*>']);
  });

  it('widen where lines of one kind differ, and keep other kinds apart', () => {
    const all = learned(['user anna signed in now', 'user bert signed in now', 'disk sda is nearly full']);
    expect(all).toEqual(['user <*> signed in now', 'user <*> signed in now', 'disk sda is nearly full']);
  });

  it('give the same line the same template', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 30 }), fc.string(), (others, line) => {
        const templates = createTemplates();
        const first = templates.learn(line);
        for (const other of others) templates.learn(other);
        expect(templates.text(templates.learn(line)).split(' ').length).toBe(templates.text(first).split(' ').length);
      }),
    );
  });

  it('stay bounded in a log without any pattern', () => {
    const templates = createTemplates();
    const ids = Array.from({ length: 6000 }, (_, at) =>
      templates.learn(`w${String.fromCharCode(97 + (at % 26))}${at.toString(36)}x`),
    );
    expect(Math.max(...ids)).toBeLessThan(5000);
    expect(templates.text(-1)).toBe('<*>');
  });
});
