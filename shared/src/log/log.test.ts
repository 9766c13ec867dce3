import { expect, it } from '@jest/globals';
import { errors } from '../errors/index.ts';
import { errorAsLogged } from './index.ts';

it('shows where a bug is, and of a part that is away only what is known', () => {
  const cause = new Error('too many connections for role');
  const away = errors.unavailable({ part: 'postgres', reason: cause.message }, { cause });
  expect(errorAsLogged(away)).toEqual({
    type: 'AetheriusError',
    code: 'unavailable',
    message: 'A part that is needed does not answer (part: postgres, reason: too many connections for role)',
  });
  for (const bug of [new TypeError('x is not a function'), errors.not_found({ query: 'select' })])
    expect(errorAsLogged(bug)).toMatchObject({ message: bug.message, stack: expect.stringContaining('log.test') });
});
