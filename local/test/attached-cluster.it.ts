import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attachedCluster } from '../src/attached-cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-kubeconfig-'));
const at = (name: string) => join(folder, name);
const kubeconfig = (server: string, ca: Record<string, string>) =>
  `current-context: admin
contexts: [{name: admin, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: ${JSON.stringify({ server, ...ca })}}]
`;
const env = { KUBECONFIG: at('one') };
const asked = { context: undefined, kubeconfig: undefined, allowChanges: false };

beforeAll(() => {
  const data = { 'certificate-authority-data': Buffer.from('CA\n').toString('base64') };
  writeFileSync(at('one'), kubeconfig('https://one', data));
  writeFileSync(at('two'), kubeconfig('https://two', data));
  writeFileSync(at('by-file'), kubeconfig('https://one', { 'certificate-authority': 'ca.pem' }));
  writeFileSync(at('no-ca'), kubeconfig('https://one', { 'certificate-authority': 'gone.pem' }));
  writeFileSync(at('ca.pem'), 'CA\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('attachedCluster', () => {
  it('knows two files with the same context name apart, and one cluster again', () => {
    const id = (name: string) => attachedCluster({ ...asked, kubeconfig: at(name) }, {}).id;
    expect(id('one')).not.toBe(id('two'));
    expect(id('by-file')).toBe(id('one'));
  });

  it('tells the agent the file and the context, and that nothing may be changed unless that was said', () => {
    expect(attachedCluster(asked, env)).toMatchObject({
      name: 'admin',
      env: { KUBECONFIG: at('one'), KUBE_CONTEXT: 'admin', ALLOW_CHANGES: 'false', LEADER: 'lock_file' },
    });
    expect(attachedCluster({ ...asked, allowChanges: true }, env).env['ALLOW_CHANGES']).toBe('true');
  });

  it.each([
    [{ kubeconfig: at('gone') }, /^--kubeconfig: .*gone cannot be read: there is no such file$/],
    [{ kubeconfig: folder }, /^--kubeconfig: .* cannot be read/],
    [{ kubeconfig: at('ca.pem') }, /^--kubeconfig: .*ca\.pem is not a kubeconfig/],
    [{ kubeconfig: at('no-ca') }, /^--kubeconfig: .*gone\.pem cannot be read/],
    [{ kubeconfig: at('ca.pem'), context: 'admin' }, /^--kubeconfig: /],
    [{ context: 'other' }, /^--context: .*has no context "other"; it has admin$/],
  ])('refuses %j, naming the flag', (options, message) => {
    expect(() => attachedCluster({ ...asked, ...options }, env)).toThrow(message);
  });

  it('names the variable or the usual place when no file was asked for', () => {
    expect(() => attachedCluster({ ...asked, context: 'a' }, { KUBECONFIG: at('gone') })).toThrow(/^KUBECONFIG: /);
    expect(() => attachedCluster({ ...asked, context: 'a' }, { HOME: folder })).toThrow(
      /\.kube\/config cannot be read: there is no such file; choose another with --kubeconfig FILE$/,
    );
  });
});
