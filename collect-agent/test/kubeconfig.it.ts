import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { inClusterConnection } from '../src/kube/in-cluster.ts';
import { kubeconfigConnection } from '../src/kube/kubeconfig.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-kube-'));
afterAll(() => rmSync(folder, { recursive: true }));

const base64 = (text: string) => Buffer.from(text).toString('base64');
const file = join(folder, 'config');
const config = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'one',
  clusters: [
    { name: 'one', cluster: { server: 'https://one:6443', 'certificate-authority-data': base64('CA') } },
    { name: 'two', cluster: { server: 'https://two:6443', 'insecure-skip-tls-verify': true } },
  ],
  users: [
    { name: 'token', user: { token: 'abc' } },
    { name: 'cert', user: { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') } },
  ],
  contexts: [
    { name: 'one', context: { cluster: 'one', user: 'token' } },
    { name: 'two', context: { cluster: 'two', user: 'cert' } },
  ],
};
writeFileSync(file, JSON.stringify(config));

describe('where an API server is', () => {
  it('by the current context, with a token', async () => {
    const connection = await kubeconfigConnection({ file });
    expect(connection).toMatchObject({ server: 'https://one:6443', ca: 'CA' });
    expect(await connection.token?.()).toBe('abc');
  });

  it('by a named context, with a certificate', async () => {
    const connection = await kubeconfigConnection({ file, context: 'two' });
    expect(connection).toMatchObject({ server: 'https://two:6443', cert: 'CERT', key: 'KEY', skipVerify: true });
    expect(await connection.token?.()).toBeUndefined();
  });

  it.each([
    [{ file, context: 'three' }, `${file}: context "three" is not in it`],
    [{ file: join(folder, 'none') }, `${join(folder, 'none')}: does not exist`],
  ])('says what is wrong with %o', async (choice, message) => {
    await expect(kubeconfigConnection(choice)).rejects.toThrow(message);
  });

  it('by the service account of a pod, whose token is read anew each time', async () => {
    writeFileSync(join(folder, 'ca.crt'), 'CA');
    writeFileSync(join(folder, 'token'), 'first\n');
    const connection = inClusterConnection({ host: 'fd00::1', port: '443', folder });
    expect([connection.server, connection.ca, await connection.token?.()]).toEqual([
      'https://[fd00::1]:443',
      'CA',
      'first',
    ]);
    writeFileSync(join(folder, 'token'), 'second\n');
    expect(await connection.token?.()).toBe('second');
  });
});
