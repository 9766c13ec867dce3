import { describe, expect, it } from '@jest/globals';
import { errors, isRetryable } from '../errors/index.ts';
import { isAway, isOutdated, unavailableWhenAway } from './away.ts';

const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('a database that is away', () => {
  it.each([
    coded('ECONNREFUSED'),
    coded('57P01', 'terminating connection due to administrator command'),
    coded('08006'),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
  ])('%s', async (error) => {
    expect(isAway(error)).toBe(true);
    const given = await unavailableWhenAway(Promise.reject(error)).catch((caught: unknown) => caught);
    expect(isRetryable(given)).toBe(true);
  });

  it.each([coded('23505', 'duplicate key'), errors.invalid_input({ field: 'x' }), 'text'])(
    'is not %s',
    async (error) => {
      await expect(unavailableWhenAway(Promise.reject(error))).rejects.toBe(error);
    },
  );
});

describe('a session whose prepared statements are of an older schema', () => {
  it('is worth another try, in another session', async () => {
    const given: unknown = await unavailableWhenAway(
      Promise.reject(coded('0A000', 'cached plan must not change result type')),
    ).catch((caught: unknown) => caught);
    expect([isRetryable(given), isOutdated(given)]).toEqual([true, true]);
    expect(isOutdated(coded('0A000', 'something else'))).toBe(false);
  });
});
