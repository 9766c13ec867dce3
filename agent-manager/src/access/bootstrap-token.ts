import { readFile, stat } from 'node:fs/promises';
import { errors } from '@aetherius/shared/errors';

const SHORTEST = 24;

/** Reads the first admin token; a file that everybody may read is no secret and is refused. The group may: Kubernetes hands a Secret to a process without root in no other way. */
export async function readBootstrapToken(file: string): Promise<string> {
  const refuse = (reason: string, cause?: unknown) => {
    const way_out = 'write one with (umask 077; openssl rand -hex 32 >FILE), or leave the variable out';
    return errors.invalid_input({ AETHERIUS_BOOTSTRAP_TOKEN_FILE: file, reason, way_out }, { cause });
  };
  const info = await stat(file).catch((cause: unknown) => {
    throw refuse('cannot be read', cause);
  });
  if ((info.mode & 0o037) !== 0)
    throw refuse(`has mode 0${(info.mode & 0o777).toString(8)}, it must be 0600, or 0440 where a group reads it`);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw refuse('cannot be read', cause);
  });
  const token = text.trim();
  if (token.length < SHORTEST || /\s/.test(token))
    throw refuse(`must hold one token of at least ${SHORTEST} characters`);
  return token;
}
