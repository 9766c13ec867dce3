import { expect, it } from '@jest/globals';
import { errors } from '../errors/index.ts';
import { createOutageLog } from './outage-log.ts';

type Line = [level: string, fields: Record<string, unknown>];

function rig() {
  const lines: Line[] = [];
  let at = 0;
  const note = (level: string) => (fields: unknown) => void lines.push([level, fields as Record<string, unknown>]);
  const log = { warn: note('warn'), info: note('info') };
  const clock = { now: () => new Date(at), monotonic: () => at };
  const outage = createOutageLog({ log: log as never, clock, message: 'it is away' });
  return { lines, outage, after: (ms: number) => (at += ms) };
}

const refused = (port: number) =>
  Object.assign(new Error(`connect ECONNREFUSED 127.0.0.1:${port}`), { code: 'ECONNREFUSED' });

it('tells an outage once, then ever more rarely, and its end once', () => {
  const { lines, outage, after } = rig();
  for (let tries = 0; tries < 1_800; tries += 1) {
    outage.failed(refused(tries));
    after(2_000);
  }
  // At 0, 1, 3, 7, 15 and 31 minutes of an hour.
  expect(lines.map(([level, { tries }]) => [level, tries])).toEqual([
    ['warn', 1],
    ['warn', 31],
    ['warn', 91],
    ['warn', 211],
    ['warn', 451],
    ['warn', 931],
  ]);
  outage.over();
  outage.over();
  expect(lines.slice(6)).toEqual([['info', { was: 'it is away' }]]);
  outage.failed(refused(1));
  expect(lines).toHaveLength(8);
});

it('does not tell anew of two ways to fail that take turns', () => {
  const { lines, outage, after } = rig();
  for (let turn = 0; turn < 10; turn += 1) {
    outage.failed(new Error(turn % 2 === 0 ? 'hung up' : 'reset'));
    after(1_000);
  }
  expect(lines).toHaveLength(2);
  for (let turn = 0; turn < 1_000; turn += 1) outage.failed(new Error('x'.repeat(turn)));
  expect(lines).toHaveLength(21);
});

it('tells at once of another failure, without a stack where it was foreseen and with it where not', () => {
  const { lines, outage } = rig();
  outage.failed(refused(1));
  outage.failed(errors.unavailable({ part: 'x' }), { watch: 'pods' });
  const bug = new TypeError('undefined is no function');
  outage.failed(bug);
  expect(lines.map(([, fields]) => fields)).toEqual([
    { code: 'ECONNREFUSED', reason: 'connect ECONNREFUSED 127.0.0.1:1', tries: 1 },
    { watch: 'pods', code: 'unavailable', reason: 'A part that is needed does not answer (part: x)', tries: 1 },
    { err: bug, tries: 1 },
  ]);
});
