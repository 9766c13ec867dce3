import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Certified, isGood, makeAuthority, makeCertificate } from './certificates.ts';
import { damaged, lost, readTexts } from './secrets.ts';

const AUTHORITY_DAYS = 3_650;
const CERTIFICATE_DAYS = 365;
/** Whoever finds less than this left makes a new certificate. */
const RENEW_BEFORE_DAYS = 90;

type Certificates = {
  /** Who signs the certificates of this installation, in PEM. */
  authority: string;
  /** A server's certificate for these hosts, the one that is kept as long as it is good. */
  certified(name: string, hosts: readonly string[]): Certified;
};

/** The certificates that a folder keeps, readable by their owner alone. */
export function keptCertificates(folder: string, now: Date): Certificates {
  const made = () => ({ now, serial: randomBytes(16).fill(1, 0, 1) });
  const own = join(folder, 'ca.json');
  // The authority comes first: a certificate without it is of one that was lost.
  if (!existsSync(own) && readdirSync(folder).some((file) => file.endsWith('.json'))) throw lost(own);
  const authority = kept(own, () => makeAuthority({ ...made(), name: 'Aetherius installation', days: AUTHORITY_DAYS }));
  const until = new Date(now.getTime() + RENEW_BEFORE_DAYS * 86_400_000);
  return {
    authority: authority.certificate,
    certified: (name, hosts) =>
      kept(
        join(folder, `${name}.json`),
        () => makeCertificate(authority, { ...made(), name, hosts, days: CERTIFICATE_DAYS }),
        ({ certificate }) => isGood(authority.certificate, certificate, { hosts, until }),
      ),
  };
}

function kept(file: string, make: () => Certified, isFit = (_known: Certified) => true): Certified {
  const known = readTexts(file);
  if (known !== undefined) {
    const { certificate, key } = known;
    if (certificate === undefined || key === undefined) throw damaged(file);
    if (isFit({ certificate, key })) return { certificate, key };
  }
  const fresh = make();
  writeFileSync(file, `${JSON.stringify(fresh)}\n`, { mode: 0o600 });
  return fresh;
}
