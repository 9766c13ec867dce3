import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { errors } from '../errors/index.ts';

/** The passwords that may be valid now, one on each line: the old and the new one while they change. */
async function passwordsIn(file: string): Promise<string[]> {
  const refuse = (reason: string, cause?: unknown) => {
    const way_out = 'set it to a file with the password of the database user, readable for this process';
    return errors.invalid_input({ DATABASE_PASSWORD_FILE: file, reason, way_out }, { cause });
  };
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw refuse('cannot be read', cause);
  });
  const passwords = text.split('\n').map((line) => line.trim());
  const given = passwords.filter((line) => line !== '');
  if (given.length === 0) throw refuse('holds no password');
  return given;
}

const withPassword = (url: string, password: string): string => {
  const open = new URL(url);
  open.password = encodeURIComponent(password);
  return open.href;
};

async function isAdmitted(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (isWrongPassword(error)) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const isWrongPassword = (error: unknown): boolean => (error as { code?: unknown }).code === '28P01';

/** Runs what needs a connection; when the server no longer takes the password, the file is asked for one that it takes. */
export type Admitted = <T>(run: () => Promise<T>) => Promise<T>;

/** `use` is told the address to connect with from now on; connections that stand are not touched. */
export async function followPasswordFile(
  { url, file }: { url: string; file: string },
  use: (connectionString: string) => void,
): Promise<Admitted> {
  const [first = ''] = await passwordsIn(file);
  use(withPassword(url, first));
  let finding: Promise<void> | undefined;
  const find = async () => {
    for (const password of await passwordsIn(file)) {
      const candidate = withPassword(url, password);
      if (await isAdmitted(candidate)) return use(candidate);
    }
  };
  return async (run) => {
    try {
      return await run();
    } catch (error) {
      // Refused before anything was asked, so nothing is done twice.
      if (!isWrongPassword(error)) throw error;
    }
    finding ??= find().finally(() => {
      finding = undefined;
    });
    await finding;
    return run();
  };
}
