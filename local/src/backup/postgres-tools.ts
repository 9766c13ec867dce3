import { errors } from '@aetherius/shared/errors';
import { runCommand } from '../backing/command.ts';
import { findPrograms } from '../backing/machine.ts';

export type Tool = 'pg_dump' | 'pg_restore';

/** The first number of what these programs and the server call their version. */
export const majorOf = (version: string): number => Number(/(\d+)(?:[.\s]|$)/.exec(version)?.[1] ?? 0);

/** The newest of a program's versions on this machine; it reads everything that older ones wrote, never the other way round. */
export async function postgresTool(
  name: Tool,
  { env, least }: { env: Record<string, string | undefined>; least: number },
): Promise<string> {
  const found = await Promise.all(
    findPrograms(name, env).map(async (path) => ({ path, major: await ownMajor(path).catch(() => 0) })),
  );
  const [best] = found.toSorted((a, b) => b.major - a.major);
  if (best !== undefined && best.major >= least) return best.path;
  throw errors.unavailable({
    part: name,
    reason: best === undefined ? 'not found on this machine' : `the newest here is of version ${best.major}`,
    way_out: `install the PostgreSQL client programs of version ${least} or newer (apt-get install postgresql-client, brew install libpq) and have them on PATH`,
  });
}

const ownMajor = async (path: string): Promise<number> =>
  majorOf(await runCommand(path, ['--version'], { withinMs: 10_000 }));

/** How a program is told where the database is: the password goes by the environment, where other users do not see it. */
export function connectionOf(url: string): { args: string[]; env: Record<string, string> } {
  const open = new URL(url);
  const password = decodeURIComponent(open.password);
  open.password = '';
  return { args: ['--dbname', open.href, '--no-password'], env: password === '' ? {} : { PGPASSWORD: password } };
}
