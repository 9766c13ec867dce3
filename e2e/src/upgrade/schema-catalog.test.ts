import { describe, expect, it } from '@jest/globals';
import { brokenFor, type Tables } from './schema-catalog.ts';

const former: Tables = {
  incident: { id: { type: 'text', filled: false }, note: { type: 'text', filled: true } },
};
const incident = former['incident'] ?? {};
const present = (columns: Tables[string]): Tables => ({ incident: columns });

describe('brokenFor', () => {
  it('takes what was only added to', () => {
    const more = { ...incident, grade: { type: 'integer', filled: true } };
    expect(brokenFor(former, { ...present(more), another: { id: { type: 'text', filled: false } } })).toEqual([]);
    expect(brokenFor(former, present({ ...incident, id: { type: 'text', filled: true } }))).toEqual([]);
  });

  it.each<[string, Tables]>([
    ['table incident is gone', {}],
    ['incident.note is gone', present({ id: { type: 'text', filled: false } })],
    ['incident.id was text and is uuid', present({ ...incident, id: { type: 'uuid', filled: false } })],
    [
      'incident.grade has to be written, and the former version does not know that',
      present({ ...incident, grade: { type: 'integer', filled: false } }),
    ],
    [
      'incident.note has to be written, and the former version does not know that',
      present({ ...incident, note: { type: 'text', filled: false } }),
    ],
  ])('says: %s', (problem, tables) => {
    expect(brokenFor(former, tables)).toEqual([problem]);
  });
});
