import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { type Signer, seedOf, signerOf } from '@aetherius/shared/nats';

/** The agent's own key, from its file or new in it; its private half never leaves the file and this process. */
export async function openKeyFile(file: string): Promise<Signer> {
  const seed = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw errors.unavailable(
      { key_file: file, reason: error.message, way_out: 'let this process read and write it' },
      { cause: error },
    );
  });
  if (seed === undefined) return newKeyFile(file);
  const signer = signerOf(seed.trim(), 'user');
  if (signer === undefined)
    throw errors.conflict({ key_file: file, reason: 'is damaged', way_out: 'remove it and enrol with a new token' });
  await chmod(file, 0o600);
  return signer;
}

/** Puts another key in the place of one that is let in no longer. */
export async function newKeyFile(file: string): Promise<Signer> {
  const seed = seedOf(randomBytes(32), 'user');
  const signer = signerOf(seed, 'user');
  if (signer === undefined) throw new Error('a fresh seed is no seed');
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(`${seed}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  // A crash before this leaves the old key, one after it the new key; never half of one.
  await rename(`${file}.new`, file);
  return signer;
}
