import { expect, it } from '@jest/globals';
import { about } from '../about.ts';
import { installCommands } from './install-commands.ts';

it('names the registry of the installation in both commands, and in none where there is no own one', () => {
  const install = { cluster: 'eu-1', url: 'https://a.example.com', token: 't', chart: 'agent', manifests: 'agent' };
  const { helm, kubectl } = installCommands({ ...install, registry: 'registry.example.com:5000' });
  expect(helm).toMatch(/ --set global\.imageRegistry=registry\.example\.com:5000$/);
  expect(kubectl).toContain(
    `deployment/aetherius-agent collect-agent=registry.example.com:5000/aetherius/collect-agent:${about.version} && `,
  );
  const plain = installCommands({ ...install, registry: undefined });
  expect(`${plain.helm}${plain.kubectl}`).not.toMatch(/image/i);
});

it('keeps the token out of the arguments of both programs and out of what kubectl notes at the object', () => {
  const install = { cluster: 'eu-1', url: 'https://a.example.com', token: 'once', chart: 'agent', manifests: 'agent' };
  const { helm, kubectl } = installCommands({ ...install, registry: undefined });
  const programs = `${helm} && ${kubectl}`.split(/&&|\|/).filter((part) => /^ *(?:helm|kubectl) /.test(part));
  expect(programs).toHaveLength(4);
  expect(programs.join()).not.toContain('once');
  expect(programs.at(-1)).toContain('apply --server-side');
});
