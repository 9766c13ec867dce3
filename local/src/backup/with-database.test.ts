import { expect, it } from '@jest/globals';
import { homeAt } from '../home.ts';
import { withDatabase } from './with-database.ts';

it('refuses an address that nobody could use, before it asks a server whose name it made up', async () => {
  const where = { home: homeAt('/nowhere'), env: { DATABASE_URL: 'foo' } };
  const asked = withDatabase(where, () => Promise.reject(new Error('asked')));
  await expect(asked).rejects.toThrow(/DATABASE_URL: must be a postgres:\/\/ address/);
});
