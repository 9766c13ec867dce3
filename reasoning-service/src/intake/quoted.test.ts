import { describe, expect, it } from '@jest/globals';
import { unquoted } from './quoted.ts';

const described = 'Name:  owl\nStatus:  Pending\nEvents:\n  Type  Reason\n\n  Warning  FailedMount';
const moved = (text: string, by: string) => text.replace(/^(?=.)/gm, by);

describe('text that somebody quoted', () => {
  it.each(['    ', '\t', '  '])('moves a description back', (by) => {
    expect(unquoted(moved(described, by))).toBe(described);
    expect(unquoted(`Look:\n\n${moved(described, by)}\nIs that all?`)).toBe(`Look:\n\n${described}\nIs that all?`);
  });
  it('takes the marks of a quote away, and the indentation below them', () => {
    expect(unquoted(moved(described, '> ').replace(/^$/gm, '>'))).toBe(described);
    expect(unquoted(moved(moved(described, '    '), '> '))).toBe(described);
  });
  it.each([
    ['a description as it is', described],
    ['a log with a few marks', '> owl@1 start\nlistening\nready\ndone'],
    ['a part of a description', '    State:  Waiting\n      Reason:  CrashLoopBackOff'],
    ['a name inside of another text', 'volumes:\n    Name:  owl\n  end'],
  ])('leaves %s alone', (_, text) => expect(unquoted(text)).toBe(text));
});
