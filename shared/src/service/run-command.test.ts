import { expect, it, jest } from '@jest/globals';
import { errors } from '../errors/index.ts';
import { runCommand } from './run-command.ts';

it('quotes nothing that would steer a terminal', async () => {
  const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const code = await runCommand<{ help: boolean }>([], {
    usage: '',
    readOptions: () => ({ options: { help: false } }),
    answer: () => {
      throw errors.invalid_input({ file: 'a\u001b[2J\u009bb\nc\td' });
    },
  });
  const [[words] = ['']] = written.mock.calls;
  written.mockRestore();
  expect(code).toBe(2);
  expect(words).toContain('a\ufffd[2J\ufffdb\nc\td');
});
