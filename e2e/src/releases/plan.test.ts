import { describe, expect, it } from '@jest/globals';
import { planOf, shown, shownPlan } from './plan.ts';
import { withImagesOf } from './prepare-charts.ts';

const release = { registry: 'registry.example.com/team', version: '1.2.3', plainHttp: false, dryRun: false };
const surroundings = { buildFlags: ['--build-arg', 'BASE_IMAGE=node:24', '--label', 'made=then'], folder: '/tmp/r' };
const digest = `sha256:${'a'.repeat(64)}`;

describe('plan of a release', () => {
  const plan = planOf(release, surroundings);

  it('packs each chart under the version of the release and pushes it into its folder', () => {
    expect(plan.charts.map(({ make, push, reference }) => [shown(make), push && shown(push), reference])).toEqual(
      ['aetherius', 'aetherius-agent'].map((chart) => [
        `helm package /tmp/r/charts/${chart} --destination /tmp/r --version 1.2.3 --app-version 1.2.3`,
        `helm push /tmp/r/${chart}-1.2.3.tgz oci://registry.example.com/team/charts`,
        `registry.example.com/team/charts/${chart}`,
      ]),
    );
  });

  it('builds each image for both platforms with its provenance and its bill of materials', () => {
    expect(plan.images.map(({ name }) => name)).toEqual([
      'agent-manager',
      'orchestrator-service',
      'reasoning-service',
      'collect-agent',
    ]);
    expect(plan.images[0]?.make).toEqual({
      program: 'docker',
      args: [
        'buildx',
        'build',
        '--platform',
        'linux/amd64,linux/arm64',
        '--provenance',
        'mode=max',
        '--sbom',
        'true',
        '--file',
        'deployments/docker/Dockerfile',
        '--target',
        'agent-manager',
        '--build-arg',
        'BASE_IMAGE=node:24',
        '--label',
        'made=then',
        '--tag',
        'registry.example.com/team/agent-manager:1.2.3',
        '--metadata-file',
        '/tmp/r/agent-manager.json',
        '--push',
        '.',
      ],
    });
  });

  it('signs by digest, with a key or with the identity of the CI', () => {
    expect(shown(plan.sign('r/a', digest))).toBe(`cosign sign --yes --recursive r/a@${digest}`);
    const keyed = planOf({ ...release, key: 'my key', plainHttp: true }, surroundings);
    expect(shown(keyed.sign('r/a', digest))).toBe(
      `cosign sign --yes --recursive --key 'my key' --allow-http-registry r/a@${digest}`,
    );
    expect(keyed.charts[0]?.push?.args.at(-1)).toBe('--plain-http');
  });

  it('is shown in the order in which it is done, the charts behind the images that they name', () => {
    const programs = shownPlan(plan).map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(programs).toEqual([
      ...Array(2).fill('helm package'),
      ...Array(4).fill('docker buildx'),
      ...Array(2).fill('helm push'),
      ...Array(6).fill('cosign sign'),
    ]);
  });
});

describe('images of a released chart', () => {
  it('lie where the release puts them, and those of others where they were', () => {
    const values = 'a:\n  registry: ghcr.io\n  repository: aetherius/collect-agent\nb:\n  registry: docker.io\n';
    expect(withImagesOf(values, { host: 'registry.example.com', path: 'team' })).toBe(
      'a:\n  registry: registry.example.com\n  repository: team/collect-agent\nb:\n  registry: docker.io\n',
    );
    expect(withImagesOf(values, { host: 'ghcr.io', path: 'aetherius' })).toBe(values);
  });
});
