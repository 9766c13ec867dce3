import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { errors } from '@aetherius/shared/errors';

/** Agents are handed it, who have nothing else to go by. */
export async function readAuthority(file: string): Promise<string> {
  const refuse = (reason: string, cause?: unknown) => {
    const way_out = 'set it to the certificate of the authority that signed the one of the bus';
    return errors.invalid_input({ NATS_CA_FILE: file, reason, way_out }, { cause });
  };
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw refuse('cannot be read', cause);
  });
  const certificates = text.split(/(?=-----BEGIN )/).filter((block) => block.startsWith('-----BEGIN '));
  if (certificates.length === 0) throw refuse('holds no certificate in PEM');
  for (const [index, certificate] of certificates.entries())
    try {
      new X509Certificate(certificate);
    } catch (cause) {
      throw refuse(`certificate ${index + 1} in it cannot be read`, cause);
    }
  return text;
}
