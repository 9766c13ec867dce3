import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { clusterSecrets } from '../../local/src/cluster-secrets.ts';
import { builtHelm, render } from '../src/charts/helm.ts';
import { objectsIn } from '../src/charts/objects.ts';
import { all, ofKind, rendered, withHelm } from './rendered-charts.ts';

withHelm('the bundled database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-release-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['aetherius', 'prod', 'my-aetherius'])(
    'has the name that the Secrets for release %s know',
    async (release) => {
      const services = ofKind(await rendered('aetherius', all, { release }), 'Service').map(({ metadata }) => metadata);
      const secrets = await clusterSecrets({ folder, namespace: 'aetherius', release });
      const { hostname } = new URL(secrets.find(({ stringData }) => 'password' in stringData)?.stringData['url'] ?? '');
      expect(services.map(({ name, namespace }) => `${name}.${namespace}.svc`)).toContain(hostname);
    },
  );
});

/** Helm's Jobs allow shorter names only. */
const unhooked = { aetherius: { migrations: { hook: { enabled: false } } }, 'aetherius-agent': {} };

withHelm('a release', () => {
  it.each(['aetherius', 'aetherius-agent'] as const)('is not given a name that was cut: %s', async (chart) => {
    const longest = `aetherius-agent-${'x'.repeat(24)}`;
    const named = (release: string) => rendered(chart, unhooked[chart], { release });
    expect((await named(longest)).map(({ metadata: { name } }) => name)).toContain(`${longest}-settings`);
    await expect(named(`${longest}x`)).rejects.toThrow(
      `${longest}x is too long a name, of which two might begin alike: 40 letters at most; a shorter release, or a fullnameOverride, which for a release that is there already is ${longest}`,
    );
  });

  it('has no object of that of the same name in another namespace', async () => {
    const objects = async (namespace: string, namespaces: string[] = []) => {
      const values = { existingSecret: 's', allowChanges: true, rbac: { namespaces } };
      const text = await render(builtHelm() ?? '', { chart: 'aetherius-agent', namespace, values });
      return objectsIn(text).map(({ kind, metadata: { namespace: place, name } }) => `${kind} ${place}/${name}`);
    };
    for (const watched of [[], ['shop']]) {
      const [usual, other] = [await objects('aetherius-agent', watched), await objects('team-a', watched)];
      expect(usual.length).toBe(other.length);
      expect(usual.filter((name) => other.includes(name))).toEqual([]);
      expect(usual.filter((name) => name.includes('team-a'))).toEqual([]);
    }
    expect(await objects('aetherius-agent')).toContain('ClusterRole undefined/aetherius-agent-read');
    expect(await objects('team-a')).toContain('ClusterRole undefined/aetherius-agent-team-a-read');
  });
});
