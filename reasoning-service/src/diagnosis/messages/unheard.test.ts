import { expect, it } from '@jest/globals';
import { statementsOf } from './log-line.ts';
import { unheardCause } from './unheard.ts';

const unheard = (...lines: string[]) => unheardCause(lines, statementsOf(lines));

it.each([
  ['a complaint in words of its own', 'ERROR the owl was refused at the gate', 'owl was refused'],
  ['the end of a long line', `ERROR ${'hoot '.repeat(200)}connection refused`, 'connection refused'],
  ['words of connections that no signature knows', 'ERROR owl broker: session expired', 'session expired'],
  ['the same the other way round', 'ERROR no response from the nest server', 'no response from'],
  [
    'a warning before a head without a reason',
    'WARN owl endpoint not reachable\nERROR Application run failed',
    'not reachable',
  ],
  ['the source under a frame', '  File "/a/ssl.py", line 3\n    certificate has expired\nHoot: bad', 'has expired'],
])('hears %s', (_, text, words) => {
  expect(unheard(...text.split('\n'), 'INFO bye')).toContain(words);
});

it.each([
  ['of nothing outside', 'ERROR nest is null', '    at hoot (/app/owl.js:3:1)'],
  ['a warning before an end with a reason', 'WARN owl endpoint not reachable', 'ERROR nest is null'],
  ['a server that is there', 'ERROR the server started without eggs', 'ERROR nest of the host is null'],
  ['who was answered', 'ERROR connection to the owl failed: password authentication failed', 'ERROR nest is null'],
  ['what was survived', 'ERROR the owl was refused, continuing', 'ERROR nest is null'],
  ['a text that cannot be read', 'ERROR failed to make the owl client: yaml: line 3: did not find expected key'],
  ['what works again', 'ERROR the owl was refused', 'INFO the owl recovered', 'ERROR nest is null'],
  [
    'what lies far back',
    'ERROR the owl was refused',
    ...Array.from({ length: 50 }, (_, n) => `ERROR egg ${n} is null`),
  ],
])('does not hear %s', (_, ...lines) => expect(unheard(...lines)).toBeUndefined());
