import { describeUnless } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { builtHelm, type Installation, render } from '../src/charts/helm.ts';
import { plainManifests } from '../src/charts/manifests.ts';
import { imagesOf } from '../src/images/images-of.ts';

const helm = builtHelm();
const withHelm = describeUnless(helm === undefined ? 'no Helm yet, npm run verify builds it' : undefined);

/** Everything switched on that brings a pod. */
const everything: Installation[] = [
  {
    chart: 'aetherius',
    values: {
      nats: { bundled: { enabled: true } },
      postgres: { bundled: { enabled: true } },
      backup: { schedule: '@daily', existingClaim: 'backups' },
    },
  },
  {
    chart: 'aetherius-agent',
    values: { clusterName: 'west-1', url: 'https://aetherius.example.com', token: 'secret' },
  },
];
const imagesIn = (yaml: string) => [...yaml.matchAll(/^ *(?:- )?image: "?([^"\s]+)"?$/gm)].map(([, name]) => name);

withHelm('the list of images', () => {
  const listed = new Set(imagesOf('charts').map(({ name }) => name));

  it('is what the charts render, no more and no less', async () => {
    const rendered = await Promise.all(everything.map((installation) => render(helm ?? '', installation)));
    expect(new Set(rendered.flatMap(imagesIn))).toEqual(listed);
  });

  it('has all that the plain manifests run', async () => {
    const found = (await plainManifests(helm ?? '')).flatMap(({ text }) => imagesIn(text));
    expect(found.length).toBeGreaterThan(4);
    expect(found.filter((name) => name === undefined || !listed.has(name))).toEqual([]);
  });
});
