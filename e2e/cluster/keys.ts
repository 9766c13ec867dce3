import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.ts';

type Authority = 'ca' | 'front-proxy-ca';
type Certificate = { name: string; subject: string; authority?: Authority; addresses?: readonly string[] };

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Makes the certificate authorities of the bed, a certificate for each program, and the keys of service account tokens. */
export async function makeKeys(folder: string, { node, address }: { node: string; address: string }): Promise<void> {
  const serving = ['IP:127.0.0.1', `IP:${address}`, 'DNS:localhost'];
  const kubernetes = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'].map((name) => `DNS:${name}`);
  await makeAuthority(folder, 'ca');
  await makeAuthority(folder, 'front-proxy-ca');
  const certificates: Certificate[] = [
    { name: 'apiserver', subject: '/CN=kube-apiserver', addresses: [...serving, 'IP:10.96.0.1', ...kubernetes] },
    { name: 'kubelet-server', subject: `/CN=${node}`, addresses: [...serving, `DNS:${node}`] },
    { name: 'admin', subject: '/O=system:masters/CN=admin' },
    { name: 'controller-manager', subject: '/CN=system:kube-controller-manager' },
    { name: 'scheduler', subject: '/CN=system:kube-scheduler' },
    { name: 'kwok', subject: '/O=system:masters/CN=kwok' },
    { name: 'kubelet', subject: `/O=system:nodes/CN=system:node:${node}` },
    { name: 'apiserver-kubelet', subject: '/O=system:masters/CN=apiserver-kubelet' },
    { name: 'front-proxy', subject: '/CN=front-proxy', authority: 'front-proxy-ca' },
  ];
  await Promise.all([
    ...certificates.map((certificate) => makeCertificate(folder, certificate)),
    makeTokenKeys(folder),
  ]);
}

async function makeAuthority(folder: string, name: Authority): Promise<void> {
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const subject = ['-subj', `/CN=aetherius-bed-${name}`, '-days', '3650'];
  await runCommand('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', certificate]);
}

async function makeCertificate(folder: string, wanted: Certificate): Promise<void> {
  const { name, subject, authority = 'ca', addresses } = wanted;
  const file = (kind: string, of: string = name) => join(folder, `${of}.${kind}`);
  await runCommand('openssl', ['req', ...curve, '-subj', subject, '-keyout', file('key'), '-out', file('csr')]);
  const usage = addresses ? ['serverAuth', `subjectAltName=${addresses.join(',')}`] : ['clientAuth'];
  writeFileSync(file('ext'), `extendedKeyUsage=${usage.join('\n')}\n`);
  const signer = ['-CA', file('crt', authority), '-CAkey', file('key', authority), '-days', '3650'];
  const output = ['-extfile', file('ext'), '-out', file('crt')];
  await runCommand('openssl', ['x509', '-req', '-in', file('csr'), ...signer, ...output]);
}

async function makeTokenKeys(folder: string): Promise<void> {
  const key = join(folder, 'service-account.key');
  await runCommand('openssl', ['genrsa', '-out', key, '2048']);
  await runCommand('openssl', ['rsa', '-in', key, '-pubout', '-out', join(folder, 'service-account.pub')]);
}

/** Writes the kubeconfig of one program or person beside its keys. */
export function writeKubeconfig(folder: string, name: string, apiUrl: string): string {
  const user = { 'client-certificate': join(folder, `${name}.crt`), 'client-key': join(folder, `${name}.key`) };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'bed', cluster: { server: apiUrl, 'certificate-authority': join(folder, 'ca.crt') } }],
    users: [{ name, user }],
    contexts: [{ name: 'bed', context: { cluster: 'bed', user: name } }],
    'current-context': 'bed',
  };
  const file = join(folder, `${name}.kubeconfig`);
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  return file;
}
