import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { root } from '../run.ts';

type Variable = { name: string; value?: string };
type Found = {
  kind: string;
  metadata: { name: string };
  spec?: { template: { spec: { containers: { name: string; env?: Variable[] }[]; volumes?: unknown[] } } };
};

const read = (file: string) => readFileSync(join(root, 'deployments/manifests', file), 'utf8');
const manager = parseAllDocuments(read('base/control-plane.yaml'))
  .map((document) => document.toJS() as Found)
  .find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'aetherius-agent-manager')?.spec
  ?.template.spec;
const variables = new Map(manager?.containers[0]?.env?.map(({ name, value }) => [name, value]));

describe('the plain manifests', () => {
  it('tell the manager all that it needs to let agents in', () => {
    expect(variables.get('PUBLIC_URL')).toBe('http://aetherius-agent-manager.$(NAMESPACE).svc:8080');
    expect(variables.get('NATS_ISSUER_FILE')).toBe('/etc/aetherius/nats/issuer.json');
    expect(JSON.stringify(manager?.volumes)).toContain('{"key":"issuer.json","path":"issuer.json"}');
  });

  it('name in the overlay for many clusters another address of the same container', () => {
    const overlay = read('overlays/multi-cluster/control-plane/kustomization.yaml');
    expect(manager?.containers[0]?.name).toBe('agent-manager');
    expect(overlay).toContain(
      'name: agent-manager, env: [{ name: PUBLIC_URL, value: "https://aetherius.example.com" }]',
    );
  });

  it('leave migrations to the services', () => {
    expect(read('base/control-plane.yaml')).not.toContain('MIGRATIONS');
  });
});
